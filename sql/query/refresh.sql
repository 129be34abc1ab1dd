-- refresh: do what is due before an answer is given.
-- $1 text: the domain that is asked about, or NULL for all.
SELECT dmarc.refresh(CASE WHEN $1::text IS NULL THEN NULL ELSE 0 END, $1);
