-- sender-facts: what the catalogue says of a sender.
-- $1 text: sender.
SELECT $1::text AS sender, q.operator, q.category, q.layer,
       q.author_dkim, q.dkim_setup, q.return_path, q.return_path_setup,
       q.note AS about, q.evidence, q.origin
  FROM dmarc.sender q
 WHERE q.name = dmarc.sender_base($1);
