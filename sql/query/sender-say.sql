-- sender-say: keep the operator's word.
-- $1 text: sender.  $2 text: policy domain, or NULL for all.  $3 text: role, or
-- NULL to take the word back.  $4, $5 text: owner and note, or NULL.  $6 date:
-- from when on it is true, or NULL.
INSERT INTO dmarc.sender_inventory (sender, policy_domain, role, owner, note,
       since)
VALUES ($1, $2, $3, $4, $5, $6::date);
