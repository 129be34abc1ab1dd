-- judge_again: a stand-in until the real one is there.
CREATE OR REPLACE FUNCTION dmarc.judge_again() RETURNS void
LANGUAGE sql AS $$ $$;
COMMENT ON FUNCTION dmarc.judge_again() IS 'identifies every profile and every source again, as the catalogue has changed';
