-- report-what-if: a window replayed under another policy, by sender and by day.
-- $1 text[]: domains, or NULL for all.  $2, $3 date: first and last day; both
-- NULL: the last 30 days.  $4 text: policy, NULL: reject.  $5, $6 text: sp, np,
-- or NULL.  $7, $8 text: adkim, aspf, or NULL: as it was.  $9, $10 text:
-- senders that are fixed, that are gone, a line each, or NULL.  $11 bigint: rows of
-- a list at most, or NULL for all; one more sums up the others, and "more" is
-- their number.
WITH asked AS MATERIALIZED (
       SELECT coalesce($4::text, 'reject') AS policy, $5::text AS sp,
              $6::text AS np, $7::text AS adkim, $8::text AS aspf,
              string_to_array($9::text, E'\n') AS fixed,
              string_to_array($10::text, E'\n') AS gone,
              CASE WHEN $2::date IS NULL AND $3::date IS NULL
                   THEN (now() AT TIME ZONE 'UTC')::date - 29
                   ELSE coalesce($2, '2000-01-01') END AS first_day,
              coalesce($3, (now() AT TIME ZONE 'UTC')::date) AS last_day),
     seen AS MATERIALIZED (
       SELECT d.id, d.name AS domain, count(*) AS reports,
              count(DISTINCT u.voucher) AS reporters,
              min(u.day) AS first_day, max(u.day) AS last_day
         FROM dmarc.policy_domain d
        CROSS JOIN asked a
        CROSS JOIN LATERAL dmarc.report_used(ARRAY[d.id], a.first_day,
                             a.last_day) u
        WHERE ($1::text[] IS NULL OR d.name = ANY ($1))
          AND u.used
        GROUP BY d.id, d.name),
     replayed AS MATERIALIZED (
       SELECT s.id, w.*
         FROM seen s
        CROSS JOIN asked a
        CROSS JOIN LATERAL dmarc.what_if(s.id, a.first_day, a.last_day,
                             a.policy, a.sp, a.adkim, a.aspf, a.fixed,
                             a.gone) w),
     summed AS MATERIALIZED (
       SELECT r.id, r.sender, r.role, r.stream, r.day,
              CASE grouping(r.day, r.stream)
                WHEN 3 THEN 'domain' WHEN 2 THEN 'sender' ELSE 'day' END AS kind,
              sum(r.messages) AS messages,
              sum(r.messages - r.quarantine - r.reject) AS was_delivered,
              sum(r.quarantine) AS was_quarantined,
              sum(r.reject) AS was_rejected,
              sum(r.would_deliver) AS delivered,
              sum(r.would_quarantine) AS quarantined,
              sum(r.would_reject) AS rejected,
              sum(r.would_unknown) AS unknown,
              sum(r.would_gone) AS gone, sum(r.newly_fail) AS newly_fail,
              sum(r.newly_pass) AS newly_pass,
              coalesce(sum(r.would_quarantine + r.would_reject)
                FILTER (WHERE r.stream = 'legitimate'), 0) AS legitimate_hit,
              coalesce(sum(r.would_quarantine + r.would_reject)
                FILTER (WHERE r.stream = 'unresolved'), 0) AS unresolved_hit,
              coalesce(sum(r.would_quarantine + r.would_reject)
                FILTER (WHERE r.stream = 'indirect'), 0) AS indirect_hit,
              coalesce(sum(r.would_quarantine + r.would_reject)
                FILTER (WHERE r.stream = 'hostile'), 0) AS hostile_hit,
              coalesce(sum(r.would_quarantine + r.would_reject)
                FILTER (WHERE r.stream = 'undetermined'), 0) AS undetermined_hit
         FROM replayed r
        GROUP BY GROUPING SETS ((r.id), (r.id, r.sender, r.role, r.stream),
                                (r.id, r.day))),
     placed AS (
       SELECT s.*, least(row_number() OVER (PARTITION BY s.id, s.kind
                ORDER BY s.day DESC,
                         s.stream = 'legitimate' AND s.legitimate_hit > 0 DESC,
                         s.quarantined + s.rejected DESC, s.messages DESC,
                         s.sender, s.stream, s.role), $11::bigint + 1) AS place
         FROM summed s),
     folded AS MATERIALIZED (
       SELECT id, kind, place, CASE WHEN count(*) = 1 THEN min(sender) END AS sender,
              CASE WHEN count(*) = 1 THEN min(role) END AS role,
              CASE WHEN count(*) = 1 THEN min(stream) END AS stream,
              CASE WHEN count(*) = 1 THEN min(day) END AS day,
              nullif(count(*), 1) AS more,
              sum(messages) AS messages, sum(was_delivered) AS
              was_delivered, sum(was_quarantined) AS was_quarantined,
              sum(was_rejected) AS was_rejected, sum(delivered) AS
              delivered, sum(quarantined) AS quarantined, sum(rejected) AS
              rejected, sum(unknown) AS unknown, sum(gone) AS gone,
              sum(newly_fail) AS newly_fail, sum(newly_pass) AS newly_pass,
              sum(legitimate_hit) AS legitimate_hit, sum(unresolved_hit) AS
              unresolved_hit, sum(indirect_hit) AS indirect_hit,
              sum(hostile_hit) AS hostile_hit, sum(undetermined_hit) AS
              undetermined_hit
         FROM placed
        GROUP BY id, kind, place),
     note AS (
       SELECT 1 AS position,
              'np: a name that does not exist cannot be told from reports; its mail is counted under sp' AS note
         FROM asked
        WHERE np IS NOT NULL
        UNION ALL
       SELECT 2, 'no sender of this window is called ' || x
         FROM asked a, unnest(a.fixed || a.gone) x
        WHERE NOT EXISTS (SELECT FROM replayed r
                           WHERE lower(r.sender) = lower(x))
          AND EXISTS (SELECT FROM seen)
        UNION ALL
       SELECT 3, 'every failing message is taken to meet the policy: exceptions that receivers make, and pct, are ignored'
         FROM seen
       HAVING count(*) > 0)
SELECT o."row" || CASE WHEN m.more IS NULL THEN '' ELSE '_others' END AS "row",
       s.domain,
       CASE WHEN s.id IS NOT NULL
            THEN concat_ws(' ', 'p=' || a.policy, 'sp=' || a.sp, 'np=' || a.np,
                           'adkim=' || a.adkim, 'aspf=' || a.aspf) END AS policy,
       CASE WHEN o."row" = 'day' THEN m.day ELSE s.first_day END AS first_day,
       CASE WHEN o."row" = 'day' THEN m.day ELSE s.last_day END AS last_day,
       CASE WHEN o."row" = 'domain' THEN s.reports END AS reports,
       CASE WHEN o."row" = 'domain' THEN s.reporters END AS reporters,
       CASE WHEN o."row" = 'day' THEN m.day END AS day, m.sender, m.role,
       m.stream, m.messages, m.was_delivered, m.was_quarantined,
       m.was_rejected, m.delivered, m.quarantined, m.rejected, m.unknown,
       m.gone, m.newly_fail, m.newly_pass, m.legitimate_hit, m.unresolved_hit,
       m.indirect_hit, m.hostile_hit, m.undetermined_hit, o.note, m.more
  FROM asked a
 CROSS JOIN (
       SELECT 1 AS place, "row", kind, NULL AS note, position
         FROM (VALUES (0, 'domain', 'domain'), (1, 'sender', 'sender'),
                      (2, 'total', 'domain'), (3, 'day', 'day'),
                      (4, 'day_total', 'domain')) v (position, "row", kind)
        UNION ALL
       SELECT 2, 'note', NULL, n.note, n.position
         FROM note n) o
  LEFT JOIN seen s ON o.place = 1
  LEFT JOIN folded m ON m.id = s.id AND m.kind = o.kind
 WHERE o.place = 2
    OR m.id IS NOT NULL
    OR (o."row" = 'domain' AND s.id IS NOT NULL)
 ORDER BY o.place, s.domain, o.position, m.day,
          m.place;
