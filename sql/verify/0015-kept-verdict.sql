SELECT policy_domain_id, profile_id, source, code, class, sender, hinges
  FROM dmarc.kept_verdict LIMIT 0;
SELECT policy_domain_id, until_report FROM dmarc.kept_domain LIMIT 0;
DO $$
BEGIN
  INSERT INTO dmarc.due (what) VALUES ('keep'), ('keep_again');
  RAISE SQLSTATE 'UNDON';
EXCEPTION
  WHEN SQLSTATE 'UNDON' THEN NULL;
END $$;
