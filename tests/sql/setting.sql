-- Settings: all are listed with a default that is in order itself, and what is
-- set counts; the words of a list; what a setting cannot be.
\ir lib.psql
\echo defaults that are not in order, and settings of whose kind nothing is known: none
SELECT name, dmarc.setting_problem(name, default_value)
  FROM dmarc.setting_detail
 WHERE dmarc.setting_problem(name, default_value) IS NOT NULL
    OR kind NOT IN ('whole', 'number', 'yes_no', 'words', 'domains')
    OR (kind IN ('whole', 'number')) <> (unit IS NOT NULL AND lowest <= highest);
\echo the default, then 20, then the default
SELECT dmarc.setting_number('report_days'), dmarc.setting_text('report_days');
INSERT INTO dmarc.setting (name, value) VALUES ('report_days', '20');
SELECT dmarc.setting_number('report_days'), value, default_value, changed
  FROM dmarc.setting_detail WHERE name = 'report_days';
DELETE FROM dmarc.setting;
SELECT dmarc.setting_number('report_days');
\echo words; no word is NULL
SELECT dmarc.setting_words('approved_reporters'),
       dmarc.setting_words('own_domains') IS NULL;
\echo whose a domain is: all while nothing is said; then those named and below
SELECT dmarc.own_domain('example.net');
INSERT INTO dmarc.setting (name, value) VALUES ('own_domains', ' Example.JP  b.example');
SELECT d, dmarc.own_domain(d)
  FROM unnest('{example.jp,mail.example.jp,badexample.jp,example.net,b.example}'::text[]) d;
\echo what is wrong
SELECT name, value, dmarc.setting_problem(name, value)
  FROM (VALUES ('nonsense', '1'), ('report_days', ''), ('report_days', '-1'),
    ('report_days', '2.5'), ('report_days', '0'), ('report_days', '401'),
    ('report_days', '1e2'), ('report_days', '99999999999999999999'),
    ('report_days', '400'), ('direct_fail_reject', '0.25'),
    ('direct_fail_reject', '100.1'), ('direct_fail_reject', 'half'),
    ('human_users', 'maybe'), ('human_users', 'no'),
    ('own_domains', 'example.jp a_b.example.net'), ('own_domains', ''),
    ('own_domains', 'example.jp, example.net'), ('own_domains', 'localhost'),
    ('own_tenants', 'anything goes')) v (name, value);
