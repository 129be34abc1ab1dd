#!/bin/sh
# Mails of strangers who own a domain whose mail passes DMARC: what they teach,
# and what work they make.
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report

# start NAME: a database that knows whose Authentication-Results count, in
# which google.com has reported mail of example.jp.
start() {
	fresh_database "$1"
	run "$I" -q --init
	run "$R" settings authserv_id mx.example.jp
	mails "$1" <<-END
		g google.com example.jp 2026-06-01 5 example.jp example.jp/s1/pass -
	END
	run "$I" -q "$work/$1"
}

mails() {
	python3 tests/integration/strangers.py "$work/$1"
}

start t38
is "$status:$err:$(sql "SELECT tier, listed FROM dmarc.report")" "0::A|t" \
	"google.com is listed"
evil=example.jp/evil/pass,sendgrid.net/smtpapi/pass
mails side <<END
a evil.example elsewhere.example 2026-06-02 5 example.jp $evil em1.example.jp/pass
b bad.example elsewhere.example 2026-06-02 5 example.jp $evil em1.example.jp/pass
c evil.example zzz.example.jp 2026-06-02 5 example.jp $evil em1.example.jp/pass
d bad.example zzz.example.jp 2026-06-02 5 example.jp $evil em1.example.jp/pass
e evil.example quiet.example 2026-06-02 5 quiet.example quiet.example/own/pass -
f bad.example quiet.example 2026-06-02 5 quiet.example quiet.example/own/pass -
g evil.example elsewhere.example 2026-06-03 5 quiet.example quiet.example/odd/pass -
h bad.example elsewhere.example 2026-06-03 5 quiet.example quiet.example/odd/pass -
END
run "$I" -q "$work/side"
is "$status:$err" 0: "strangers' reports on other domains are stored"
is "$(sql "SELECT domain, selector FROM dmarc.known_selector ORDER BY 1, 2")" \
	"example.jp|s1
quiet.example|own" "they teach on no domain but their own, and not beside google.com"
is "$(sql "SELECT * FROM dmarc.sender_learned")" "" "and no sender"
sql "INSERT INTO dmarc.due (what) VALUES ('learn')"
run "$R" domains
is "$(sql "SELECT count(*) FROM dmarc.known_selector"):$(sql "
	SELECT count(*) FROM dmarc.sender_learned")" 2:0 "nor when all is learned again"

mails early <<END
g google.com quiet.example 2026-06-04 5 quiet.example quiet.example/s2/pass -
END
run "$I" -q "$work/early"
is "$(sql "SELECT selector FROM dmarc.known_selector
            WHERE domain = 'quiet.example'")" s2 \
	"what strangers taught before the first listed report is not believed any more"

# One heavy report is left out, with what its reporter taught; nothing else is
# judged or learned again.
mails heavy <<END
a evil.example alone.example 2026-06-02 5 alone.example alone.example/a/pass -
b bad.example alone.example 2026-06-02 5 alone.example alone.example/a/pass -
d evil.example other.example 2026-06-02 5 other.example other.example/a/pass -
END
run "$I" -q "$work/heavy"
sql "INSERT INTO dmarc.learned VALUES ('selector', 'kept.example', 'x', 'Google', true);
     UPDATE dmarc.report SET left_out_reason = 'not judged again'
      WHERE reporter = 'bad.example' AND day = '2026-06-03'"
mails heavier <<END
c evil.example alone.example 2026-06-02 5000 alone.example alone.example/a/pass -
END
run "$I" -q "$work/heavier"
is "$status:$(sql "SELECT count(*) FROM dmarc.report
                    WHERE reporter = 'evil.example' AND too_heavy")" 0:2 \
	"what is too heavy is left out"
is "$(sql "SELECT count(*) FROM dmarc.learned
            WHERE voucher = 'evil.example' AND domain = 'alone.example'"):$(sql "
	SELECT count(*) FROM dmarc.learned
	 WHERE voucher = 'evil.example' AND domain = 'other.example'"):$(sql "
	SELECT count(*) FROM dmarc.known_selector WHERE domain = 'alone.example'")" \
	0:2:0 "what it taught is forgotten, and nothing else of its reporter's"
is "$(sql "SELECT count(*) FROM dmarc.learned WHERE domain = 'kept.example'"):$(sql "
	SELECT count(*) FROM dmarc.report
	 WHERE left_out_reason = 'not judged again'")" 1:1 \
	"and nothing else is done again"
is "$(sql "SELECT count(*) FROM dmarc.due WHERE what NOT LIKE 'keep%'")" 0 \
	"nothing is left to do"

done_testing
