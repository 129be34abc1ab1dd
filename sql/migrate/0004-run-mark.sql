-- 0004: how far dmarc-report changes has told what changed.

CREATE TABLE dmarc.run_mark (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  policy_domain text,
  until_day     date NOT NULL,
  ran_at        timestamptz NOT NULL DEFAULT now(),
  ran_by        text NOT NULL DEFAULT session_user
);
CREATE INDEX run_mark_domain ON dmarc.run_mark (policy_domain, id);
COMMENT ON TABLE dmarc.run_mark IS 'each run of dmarc-report changes without --since, and the last day it told of; the next begins behind the newest';
COMMENT ON COLUMN dmarc.run_mark.id IS 'our number for it';
COMMENT ON COLUMN dmarc.run_mark.policy_domain IS 'the domain it was for; NULL: all of them';
COMMENT ON COLUMN dmarc.run_mark.until_day IS 'the last day it told of';
COMMENT ON COLUMN dmarc.run_mark.ran_at IS 'when it ran';
COMMENT ON COLUMN dmarc.run_mark.ran_by IS 'by which user of the database';
