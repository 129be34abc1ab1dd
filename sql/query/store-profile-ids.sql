-- store-profile-ids: the number in the batch and the id of each.
SELECT i.n, p.id
  FROM pg_temp.incoming_profile i
  JOIN dmarc.auth_profile p ON p.digest = i.digest;
