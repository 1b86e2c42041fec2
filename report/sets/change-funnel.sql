-- title:    From applied change to ticket
-- columns:  label text "Step", n count "Changes"
WITH applied AS (
    SELECT needs_approval, approval_state, has_commit, has_change_request, has_ticket
    FROM   change
    WHERE  t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND result IN ('applied', 'partial'))
SELECT 'Applied changes' AS label, count(*) AS n, 1 AS step FROM applied
UNION ALL
SELECT 'with a commit', count(*), 2 FROM applied WHERE has_commit = 1
UNION ALL
SELECT 'and a merged change request', count(*), 3 FROM applied WHERE has_commit = 1 AND has_change_request = 1
UNION ALL
SELECT 'and an approval in time', count(*), 4
FROM   applied
WHERE  has_commit = 1 AND has_change_request = 1 AND (approval_state = 'approved' OR needs_approval = 0)
UNION ALL
SELECT 'and a ticket', count(*), 5
FROM   applied
WHERE  has_commit = 1 AND has_change_request = 1 AND (approval_state = 'approved' OR needs_approval = 0) AND has_ticket = 1
ORDER BY step
