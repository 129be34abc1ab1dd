-- report-changes: what is different since a day, the worst first.
-- $1 text: domain, or NULL for all.  $2, $3 date: first and last day.
SELECT c.policy_domain AS domain, c.kind, c.subject, c.class,
       c.messages_before, c.pass_before, c.messages, c.pass, c.last_seen,
       c.detail, $2::date AS since_day, $3::date AS until_day,
       $2::date - ($3::date - $2::date + 1) AS before_day
  FROM dmarc.change_between($1, $2, $3) c
 ORDER BY c.policy_domain,
          array_position(ARRAY['domain', 'worse', 'broken', 'gone', 'new',
            'class', 'surge', 'policy', 'silent', 'selector', 'better'],
            c.kind),
          greatest(c.messages, c.messages_before) DESC NULLS LAST, c.subject,
          c.last_seen, c.class;
