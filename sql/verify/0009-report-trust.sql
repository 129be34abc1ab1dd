SELECT tier, mail_domain, vouched_by, listed, left_out_reason, slot
  FROM dmarc.report LIMIT 0;
SELECT r.name, n.org_name, m.mail, x.domain, x.origin
  FROM dmarc.reporter r, dmarc.reporter_name n, dmarc.reporter_mail m,
       dmarc.mailbox_domain x LIMIT 0;
SELECT set_aside_id, decision FROM dmarc.conflict_decision LIMIT 0;
