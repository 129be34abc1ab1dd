-- 0013: of which organizations' mail listed reporters have told is kept with what
-- is learned: nobody else teaches of these, on whichever policy domain.

ALTER TABLE dmarc.learned DROP CONSTRAINT learned_kind_check;
ALTER TABLE dmarc.learned ADD CONSTRAINT learned_kind_check
  CHECK (kind IN ('selector', 'sender', 'domain'));
COMMENT ON COLUMN dmarc.learned.kind IS 'selector: an author signature verified; sender: a service sent with one; domain: one whose word is enough has reported mail in the name of this organization, so that nobody else teaches of it';
COMMENT ON COLUMN dmarc.learned.domain IS 'd= of the signature; of a sender or domain: the organizational domain of the author domain';
COMMENT ON COLUMN dmarc.learned.name IS 'the selector, or dmarc.sender.name; of a domain: empty';
INSERT INTO dmarc.due (what) VALUES ('learn');
