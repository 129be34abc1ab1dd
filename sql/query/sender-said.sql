-- sender-said: the operator's words.
-- $1 text: sender, with all that was ever said of it; NULL: all senders, what
-- stands today.
SELECT sender, policy_domain AS domain, role, owner, note, since,
       to_char(said_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS said_at,
       said_by, CASE WHEN in_force THEN 'yes' ELSE 'no' END AS in_force
  FROM dmarc.sender_said
 WHERE CASE WHEN $1::text IS NULL THEN in_force ELSE sender = $1 END
 ORDER BY CASE WHEN $1::text IS NULL THEN sender END,
          CASE WHEN $1::text IS NULL THEN policy_domain END, id;
