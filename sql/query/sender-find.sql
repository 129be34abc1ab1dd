-- sender-find: whom the operator means; the best matches first.
-- $1 text: as he writes it.
SELECT n.name, m.rank
  FROM dmarc.sender_name n
 CROSS JOIN LATERAL (
       SELECT CASE WHEN n.name = $1 THEN 3
                   WHEN lower(n.name) = lower($1) THEN 2
                   WHEN position(lower($1) IN lower(n.name)) > 0 THEN 1
              END AS rank) m
 WHERE m.rank IS NOT NULL
 ORDER BY m.rank DESC, length(n.name), n.name
 LIMIT 4;
