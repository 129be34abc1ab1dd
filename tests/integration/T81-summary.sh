#!/bin/sh
# The first screen: the verdict and how many things there are to do; what does
# most harm first; one advice for one cause; strangers in one line; a trend.
# shellcheck source=tests/integration/lib.sh
. "$(dirname "$0")/lib.sh"

R=$B/dmarc-report
fresh_database t81
"$B/dmarc-ingest" -q --init

# 40 days up to yesterday, 1,132 messages a day and some more.
cat tests/sql/lib.psql - <<'EOF2' >"$work/fill.sql"
DO $$
DECLARE
  own   int := pg_temp.profile('pass/pass', 'example.jp s1 pass example.jp strict', 'example.jp mfrom pass example.jp strict');
  shop  int := pg_temp.profile('fail/pass', '', 'shop.example.jp mfrom pass example.jp relaxed');
  a     int := pg_temp.profile('fail/fail', 'tenanta.onmicrosoft.com s pass onmicrosoft.com none', 'a.example mfrom pass a.example none');
  b     int := pg_temp.profile('fail/fail', 'tenantb.onmicrosoft.com s pass onmicrosoft.com none', 'b.example mfrom pass b.example none');
  c     int := pg_temp.profile('fail/fail', 'tenantc.onmicrosoft.com s pass onmicrosoft.com none', 'c.example mfrom pass c.example none');
  pay   int := pg_temp.profile('fail/fail', 'sendgrid.net smtpapi pass sendgrid.net none', 'em1.sendgrid.net mfrom pass sendgrid.net none');
  f     int := pg_temp.profile('fail/fail', 'forged1.example s pass forged1.example none', 'forged1.example mfrom pass forged1.example none');
  g     int := pg_temp.profile('fail/fail', 'forged2.example s pass forged2.example none', 'forged2.example mfrom pass forged2.example none');
  none  int := pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict');
  r     bigint;
  today date := (now() AT TIME ZONE 'UTC')::date;
BEGIN
  FOR i IN 1..40 LOOP
    r := pg_temp.report('example.jp', 'Google.com', today - 41 + i, 'none', 'none');
    PERFORM pg_temp.record(r, 1000, own, '192.0.2.1');
    PERFORM pg_temp.record(r, 100, shop, '192.0.2.77');
    PERFORM pg_temp.record(r, 12, a, '198.51.100.1');
    PERFORM pg_temp.record(r, 11, b, '198.51.100.2');
    PERFORM pg_temp.record(r, 9, c, '198.51.100.3');
    -- 1 a day for 33 days, then 10 a day: 103
    PERFORM pg_temp.record(r, CASE WHEN i > 33 THEN 10 ELSE 1 END, pay, '203.0.113.5');
    IF i = 10 THEN
      PERFORM pg_temp.record(r, 3, f, '203.0.113.1');
      PERFORM pg_temp.record(r, 4, g, '203.0.113.2');
      PERFORM pg_temp.record(r, 20, none, '203.0.113.3');
    END IF;
  END LOOP;
END $$;
SELECT dmarc.learn_steady();
EOF2
run psql -Xq -v ON_ERROR_STOP=1 -f "$work/fill.sql"
is "$status" 0 "records are there"

run "$R"
cp "$work/out" "$work/text"
is "$(sed -n 1p "$work/text")" \
	"example.jp  INSUFFICIENT DATA for p=quarantine: 3 things to do (→), most harm first" \
	"the first line: the verdict, and how many things there are to do"
is "$(grep -c '^      →' "$work/text")" 3 "as many are marked"
is "$(grep -c 'one row: one sender' "$work/text")" 1 "one line of legend"
like "$(cat "$work/text")" "→ for these 3: most likely users of Microsoft 365" \
	"one advice for one cause"
# after the last of its senders
is "$(awk '/for these 3/ { print before } !/^      / { before = $3 }' "$work/text")" \
	"(tenantc)" "below the senders that it is of"

run "$R" --format csv
cp "$work/out" "$work/csv"
is "$(rows row sender class fail messages to_do recent last_seen trend \
	<"$work/csv" | sed -n 's/^sender|//p' |
	sed "s/$(date -u -d yesterday +%F)/yesterday/; s/$(date -u -d '31 days ago' +%F)/early/")" \
	"example.jp|PASS_SPF/UNSIGNED|0|4000|1|700|yesterday|steady
Twilio SendGrid|FAIL/PROBABLY_YOURS|103|103|2|70|yesterday|rising
Microsoft 365 (tenanta)|FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN|480|480|3|84|yesterday|steady
Microsoft 365 (tenantb)|FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN|440|440|3|77|yesterday|steady
Microsoft 365 (tenantc)|FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN|360|360|3|63|yesterday|steady
|FAIL/UNAUTHENTICATED|20|20||0|early|quiet
strangers|FAIL/PROBABLY_FORGED|7|7||0|early|quiet
example.jp|PASS_BOTH|0|40000||7000|yesterday|steady" \
	"what does harm first; forgers in one line; trends, worked out by hand"
is "$(rows row advice <"$work/csv" | grep -c '^sender|.')" 3 \
	"csv has each advice once, too"
is "$(rows row action <"$work/csv" | grep -c '^sender|.')" 5 \
	"and what to do about each row"
is "$(rows row messages fail pass <"$work/csv" | sed -n 's/^total|//p')" \
	"45410|1410|44000" "nothing is lost by folding"
is "$(rows row verdict next_policy below_verdict <"$work/csv" |
	sed -n 's/^domain|//p')" "INSUFFICIENT DATA|p=quarantine|" "the verdict has columns"
is "$("$R" readiness --format csv | rows row scope verdict |
	sed -n 's/^scope|p|//p')" "INSUFFICIENT DATA" "it is that of readiness"

run "$R" --all --format csv
is "$(rows row sender class messages <"$work/out" | grep forged)" \
	"sender|forged2.example|FAIL/PROBABLY_FORGED|4
sender|forged1.example|FAIL/PROBABLY_FORGED|3" "--all has a row for each stranger"

# A stranger alone keeps its name, and a window of one week has no trend.
run "$R" --days 8 --format csv
is "$(rows row trend <"$work/out" | sed -n 's/^sender|//p' | sort -u)" "" \
	"no trend without weeks to compare"

# What was retired and sends no more is nothing to do; what goes on sending is.
"$R" sender 'Twilio SendGrid' retired --since "$(date -u -d tomorrow +%F)" >/dev/null
run "$R" --format csv
is "$(rows row sender to_do remark <"$work/out" | grep Twilio)" \
	"sender|Twilio SendGrid||it is retired, and this is mail from before: nothing to do" \
	"a retired sender whose mail is older"
"$R" sender 'Twilio SendGrid' retired --since "$(date -u -d '9 days ago' +%F)" >/dev/null
run "$R" --format csv
is "$(rows row sender advice <"$work/out" | grep Twilio)" \
	"sender|Twilio SendGrid|it was to send no more, and does: look" \
	"a retired sender that goes on"
"$R" sender 'Twilio SendGrid' none >/dev/null

# Eleven domains have no verdicts, which take as long again.
sql "INSERT INTO dmarc.policy_domain (name)
     SELECT 'd' || n || '.example' FROM generate_series(1, 10) n;
     INSERT INTO dmarc.report (policy_domain_id, id, reporter, begin_at, end_at, day, dialect,
            record_count, set_aside_count, message_count, pass_count, salvaged, content_hash, source)
     SELECT d.id, nextval('dmarc.report_id_seq'), 'r', now(), now(),
            (now() AT TIME ZONE 'UTC')::date, 'rfc7489', 0, 0, 0, 0, false, '', 'test'
       FROM dmarc.policy_domain d WHERE d.name LIKE 'd%.example'"
run "$R"
like "$out" '^example.jp  3 things to do ' "of more than ten domains no verdict is told"

done_testing
