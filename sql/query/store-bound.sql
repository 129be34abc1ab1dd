-- store-bound: the first report of a name that is no domain binds it to its
-- mail domain.  No parameters.
INSERT INTO dmarc.reporter_bound (reporter, mail_domain)
SELECT DISTINCT ON (i.reporter) i.reporter, j.mail_domain
  FROM pg_temp.incoming_report i
 CROSS JOIN dmarc.trust_settings s
 CROSS JOIN LATERAL dmarc.judge_report(i.reporter, i.mail_from, i.message_id,
                      i.mail_auth, s.ids, s.approved) j
 WHERE s.ids IS NOT NULL
   AND NOT dmarc.name_is_domain(i.reporter)
   AND j.tier = 'A'
   AND NOT j.listed
   AND NOT EXISTS (SELECT FROM dmarc.reporter_bound b
                    WHERE b.reporter = i.reporter)
 ORDER BY i.reporter, i.n
    ON CONFLICT (reporter) DO NOTHING;
