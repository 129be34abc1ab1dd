-- mailbox-seen: the mails of a mailbox that have been read.  $1 id.
SELECT uid, size, extract(epoch FROM arrived_at)::bigint AS arrived, verdict,
       done
  FROM dmarc.mailbox_mail
 WHERE mailbox_id = $1::integer
 ORDER BY uid;
