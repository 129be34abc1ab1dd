#!/bin/sh
# Who says that a report is genuine: what the mail servers on the way said of
# the carrying mail is kept, and report_trust goes by ours alone.
. "$(dirname "$0")/lib.sh"

I=$B/dmarc-ingest
R=$B/dmarc-report
in=$work/in
mkdir -p "$in"
fresh_database t36
run "$I" -q --init
is "$status:$err" 0: "schema is made"

# A report as XML: its id is the name of the case.
report_of() {
	sed "s/plain-7489/$1/" fixtures/xml/plain-7489.xml
}

# mail NAME DOMAIN: a mail with a report; its first fields are on standard
# input.
mail() {
	{
		sed 's/$/\r/'
		printf 'From: "x@google.com" <dmarc@%s>\r\n' "$2"
		printf 'Message-ID: <%s@%s>\r\n' "$1" "$2"
		printf 'MIME-Version: 1.0\r\nContent-Type: text/xml; '
		printf 'name=r.xml\r\n\r\n'
		report_of "$1"
	} >"$in/$1.eml"
}

good=receiver.example
ours='Authentication-Results: mx.example.jp'
received='Received: from x by y; Mon, 2 Nov 2026 03:00:00 +0000'

mail genuine $good <<END
$ours; dkim=pass header.d=$good;
 spf=pass smtp.mailfrom=$good; dmarc=pass header.from=$good
END
mail folded $good <<END
$received
authentication-results:
	MX.Example.JP (our (own) server; dmarc=fail)
	1;
	dmarc (it's
	 (true\\))) = pass (p=NONE; dis=NONE)
	header.from="$good"; dkim=fail (bad \\) signature)
	reason="body; dmarc=fail" header.i=@$good
$received
END
mail foreign-above $good <<END
Authentication-Results: lists.example; dmarc=fail header.from=$good
$ours; dmarc=pass header.from=$good
END
mail foreign-below $good <<END
$ours; dmarc=pass header.from=$good
$received
Authentication-Results: lists.example; dmarc=fail header.from=$good
END
mail foreign-only evil.example <<END
$received
Authentication-Results: mx.evil.example; dmarc=pass header.from=$good
ARC-Authentication-Results: i=1; mx.example.jp; dmarc=pass
 header.from=$good
Authentication-Results-Original: mx.example.jp; dmarc=pass
 header.from=$good
END
mail forged-below evil.example <<END
$ours; dmarc=fail header.from=evil.example
$received
$ours; dmarc=pass header.from=$good
END
mail quoted evil.example <<END
$ours; spf=pass
 smtp.mailfrom="a; dmarc=pass header.from=$good; b"@evil.example;
 dmarc=none header.from=evil.example
END
mail no-result $good <<END
$ours; none
END
mail without $good </dev/null
mail other-domain evil.example <<END
$ours; dmarc=pass header.from=evil.example
END
mail many $good <<END
$(for i in 1 2 3 4 5 6 7 8 9; do echo "Authentication-Results: h$i; dmarc=pass"; done)
END
# A person forwards a mail: what counts is what we said of the person's.
{
	printf '%s; dmarc=pass header.from=evil.example\n' "$ours"
	printf 'From: a@evil.example\nContent-Type: message/rfc822\n\n'
	printf '%s; dmarc=pass header.from=%s\n' "$ours" $good
	printf 'From: dmarc@%s\nContent-Type: text/xml; name=r.xml\n\n' $good
	report_of forwarded
} >"$in/forwarded.eml"
# Without From and Message-ID it is a mail all the same.
{
	printf 'Subject: x\nMIME-Version: 1.0\n'
	printf 'Content-Type: text/xml; name=r.xml\n\n'
	report_of nameless
} >"$in/nameless.eml"
report_of file >"$in/file.xml"

run "$I" -q "$in"
is "$status:$err" 0: "all are stored"

auth() {
	sql "SELECT coalesce(mail_auth, 'NULL') FROM dmarc.report
	      WHERE report_id = '$1'"
}

# trust NAME TIER:REASON
trust() {
	is "$(sql "SELECT t.tier || ':' || t.reason
	             FROM dmarc.report_trust t
	             JOIN dmarc.report r USING (policy_domain_id, id)
	            WHERE r.report_id = '$1'")" "$2" "$1: $2"
}

is "$(auth genuine)" "mx.example.jp dmarc=pass header.from=$good dkim=pass header.d=$good spf=pass smtp.mailfrom=$good" \
	"what our server said is kept"
is "$(auth folded)" "mx.example.jp dmarc=pass header.from=$good dkim=fail header.i=$good" \
	"of a field that is folded and full of comments, too"
is "$(auth foreign-above)" "lists.example dmarc=fail header.from=$good
mx.example.jp dmarc=pass header.from=$good" "the topmost field is first"
is "$(auth foreign-only)" "mx.evil.example dmarc=pass header.from=$good" \
	"fields with other names are no such fields"
is "$(auth quoted)" "mx.example.jp dmarc=none header.from=evil.example spf=pass smtp.mailfrom=a;?dmarc=pass?header.from=$good;?b@evil.example" \
	"what is quoted is one word"
is "$(auth no-result)" "mx.example.jp none" "a field that says none"
is "$(auth without)" "" "a mail without such a field: empty"
is "$(auth nameless)" "" "a mail without anything: empty"
is "$(auth file)" "NULL" "no mail: NULL"
is "$(auth many | wc -l)" 8 "eight fields at most"
is "$(auth forwarded)" "mx.example.jp dmarc=pass header.from=evil.example" \
	"of a mail in a mail the outer one's"

trust genuine "unjudged:authserv_id is not set"
trust foreign-only "unjudged:authserv_id is not set"
run "$R" settings authserv_id 'mx2.example.jp mx.example.jp'
is "$status:$err" 0: "the setting is taken"
trust genuine "A:mail of $good"
trust folded "A:mail of $good"
trust foreign-above "A:mail of $good"
trust foreign-below "A:mail of $good"
trust foreign-only "C:no Authentication-Results of ours"
trust forged-below "C:dmarc=fail"
trust quoted "C:dmarc=none"
trust no-result "C:our Authentication-Results do not tell of DMARC"
trust without "C:no Authentication-Results of ours"
trust other-domain "C:mail of evil.example says it reports for $good"
trust many "C:no Authentication-Results of ours"
trust forwarded "C:mail of evil.example says it reports for $good"
trust nameless "C:no Authentication-Results of ours"
trust file "file:no mail carried it"
# Set by hand it holds from the next question on.
sql "INSERT INTO dmarc.setting (name, value)
     VALUES ('approved_reporters', 'evil.example')"
run "$R" status
trust other-domain "B:mail of evil.example, which is approved, for $good"
is "$(sql "SELECT count(*) FROM dmarc.report_trust WHERE used")" 7 \
	"four A, two B and a file are used"

# ---- what a report teaches does not depend on those before it ----------------------
# The first one tells of days to come, and is left out; the second one is like
# it, and counts.
for name in early sound; do
	mail $name $good <<-END
		$ours; dmarc=pass header.from=$good
	END
	sed -i "s/example\.jp</$name.example</" "$in/$name.eml"
done
in_days=$(($(date +%s) + 5 * 86400))
sed -i "s/>1793491200</>$in_days</; s/>1793577599</>$((in_days + 86399))</
	s/early\.example</sound.example</" "$in/early.eml"
run "$I" -q "$in/early.eml" "$in/sound.eml"
is "$status:$err" 0: "both are stored"
trust early "C:it tells of days that are still to come"
trust sound "A:mail of $good"
is "$(sql "SELECT kind, domain, name, voucher FROM dmarc.learned
            WHERE domain = 'sound.example' AND name <> ''")" \
	"selector|sound.example|s1|$good" "the one that counts has taught"

done_testing
