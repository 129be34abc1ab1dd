-- 0012: what a person discards of what is set aside gets a line in the ledger; and
-- TLS reports that go have the others judged again.

ALTER TABLE dmarc.ingest_log
  DROP CONSTRAINT ingest_log_outcome_check,
  ADD CONSTRAINT ingest_log_outcome_check CHECK (outcome IN
    ('stored', 'duplicate', 'conflict', 'set_aside', 'not_report',
     'discarded'));
COMMENT ON COLUMN dmarc.ingest_log.outcome IS
  'stored; duplicate (same key, same content: not stored again); conflict (same key, other content: the first stays, this one is set aside); set_aside (could not be read, bytes kept); not_report; discarded (it was set aside, and a person has judged it: no document that came in)';
COMMENT ON TABLE dmarc.ingest_log IS 'the ledger: every document ever seen and what became of it, and what a person has discarded';

ALTER TABLE dmarc.due DROP CONSTRAINT due_what_check;
ALTER TABLE dmarc.due ADD CONSTRAINT due_what_check
  CHECK (what IN ('judge', 'judge_tls', 'weigh', 'learn', 'facts'));
COMMENT ON COLUMN dmarc.due.what IS 'judge: settings or lists changed, judge every report again; judge_tls: TLS reports went, judge the others again; weigh: compare large reports of unlisted reporters with the others; learn: reports went, or were judged anew: learn everything again; facts: new reports on a domain, find out again what they show of its senders';
