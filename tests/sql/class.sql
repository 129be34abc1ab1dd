-- The class of a record, as the decision table has it (first match wins).
-- example.jp/s1 verifies in case 1, so it is a known selector; bogus never did.
-- 192.0.2.1 is the owner's by his word, nothing is known of 198.51.100.1.
\ir lib.psql
INSERT INTO dmarc.sender_inventory (sender, role) VALUES ('192.0.2.1', 'own');
INSERT INTO expected VALUES
 (1, 'PASS_BOTH', true, pg_temp.profile('pass/pass', 'example.jp s1 pass example.jp strict', 'example.jp mfrom pass example.jp strict', envelope_from => 'example.jp')),
 (2, 'PASS_DKIM/ESP_OWN_RETURN_PATH', true, pg_temp.profile('pass/fail', 'example.jp saas1 pass example.jp strict,saas.com k pass saas.com none', 'bounce.saas.com mfrom pass saas.com none', envelope_from => 'bounce.saas.com')),
 (3, 'PASS_DKIM/FORWARDER_REWROTE_ENVELOPE', false, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict', 'srs.fwd.net mfrom pass fwd.net none', envelope_from => 'srs.fwd.net')),
 (4, 'PASS_DKIM/FORWARDER_KEPT_ENVELOPE', false, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict', 'example.jp mfrom fail example.jp strict', envelope_from => 'example.jp')),
 (5, 'PASS_DKIM/SPF_OMISSION', true, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict', 'example.jp mfrom softfail example.jp strict', envelope_from => 'example.jp')),
 (6, 'PASS_DKIM/SPF_DNS_ERROR', true, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict', 'example.jp mfrom permerror example.jp strict', envelope_from => 'example.jp')),
 (7, 'PASS_DKIM/SPF_NONE', false, pg_temp.profile('pass/fail', 'example.jp s1 pass example.jp strict', '')),
 (8, 'PASS_SPF/UNSIGNED', true, pg_temp.profile('fail/pass', '', 'example.jp mfrom pass example.jp strict', envelope_from => 'example.jp')),
 (9, 'PASS_SPF/DKIM_BROKEN', true, pg_temp.profile('fail/pass', 'example.jp s1 fail example.jp strict', 'example.jp mfrom pass example.jp strict', envelope_from => 'example.jp')),
 (10, 'PASS_SPF/THIRD_PARTY_SIGNATURE_ONLY', true, pg_temp.profile('fail/pass', 'tenant.onmicrosoft.com s1 pass onmicrosoft.com none', 'example.jp mfrom pass example.jp strict', envelope_from => 'example.jp')),
 (11, 'PASS_SPF/DKIM_DNS_ERROR', true, pg_temp.profile('fail/pass', 'example.jp s1 temperror example.jp strict', 'example.jp mfrom pass example.jp strict', envelope_from => 'example.jp')),
 (12, 'FAIL/AUTHENTICATED_UNALIGNED_KNOWN', true, pg_temp.profile('fail/fail', 'saas.com k pass saas.com none', 'bounce.saas.com mfrom pass saas.com none', envelope_from => 'bounce.saas.com')),
 (13, 'FAIL/AUTHENTICATED_UNALIGNED_UNKNOWN', false, pg_temp.profile('fail/fail', 'spam.top k pass spam.top none', 'spam.top mfrom pass spam.top none', envelope_from => 'spam.top')),
 (14, 'FAIL/INDIRECT_MODIFIED', false, pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict,lists.org l pass lists.org none', 'lists.org mfrom pass lists.org none', envelope_from => 'list-bounces@lists.org')),
 (15, 'FAIL/INDIRECT_OVERRIDE', false, pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict', 'lists.org mfrom pass lists.org none', '{mailing_list}', envelope_from => 'lists.org')),
 (16, 'FAIL/INDIRECT_ARC', false, pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict', 'fwd.net mfrom pass fwd.net none', '{local_policy}', true, envelope_from => 'fwd.net')),
 (17, 'FAIL/BROKEN_AUTHOR_SIGNATURE', false, pg_temp.profile('fail/fail', 'example.jp s1 fail example.jp strict', 'example.jp mfrom fail example.jp strict', envelope_from => 'example.jp')),
 (18, 'FAIL/UNAUTHENTICATED', false, pg_temp.profile('fail/fail', 'example.jp bogus fail example.jp strict', 'example.jp mfrom fail example.jp strict', envelope_from => 'example.jp')),
 (19, 'FAIL/SPF_OMISSION_UNSIGNED', true, pg_temp.profile('fail/fail', '', 'example.jp mfrom softfail example.jp strict', envelope_from => 'example.jp')),
 (20, 'FAIL/DNS_TEMPERROR', true, pg_temp.profile('fail/fail', '', 'example.jp mfrom temperror example.jp strict', envelope_from => 'example.jp')),
 (21, 'FAIL/SPF_PERMERROR', true, pg_temp.profile('fail/fail', '', 'example.jp mfrom permerror example.jp strict', envelope_from => 'example.jp')),
 (22, 'FAIL/STRICT_MISMATCH', true, pg_temp.profile('fail/fail', 'm.example.jp s1 pass example.jp relaxed', 'm.example.jp mfrom pass example.jp relaxed', modes => 'ss', envelope_from => 'm.example.jp')),
 (23, 'FAIL/UNAUTHENTICATED', false, pg_temp.profile('fail/fail', '', 'example.jp mfrom fail example.jp strict', envelope_from => 'example.jp')),
 (24, 'FAIL/UNAUTHENTICATED', true, pg_temp.profile('fail/fail', '', 'mail.example.jp helo pass example.jp relaxed')),
 (25, 'FAIL/REPORT_INCONSISTENT', true, pg_temp.profile('fail/fail', 'example.jp s1 pass example.jp strict', '', envelope_from => 'example.jp')),
 (26, 'PASS_SPF/THIRD_PARTY_SIGNATURE_ONLY', true, pg_temp.profile('fail/pass', 'other.co.jp s1 pass other.co.jp none', 'b.example.co.jp mfrom pass example.co.jp relaxed', header_from => 'a.example.co.jp', org => 'example.co.jp', envelope_from => 'b.example.co.jp'));
