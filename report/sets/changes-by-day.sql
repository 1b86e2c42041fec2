-- title:    Changes by day and approval
-- columns:  t time "Day", label text "Approval", n count "Changes"
SELECT   day(t + :zone_offset * 1073741824) AS t,
         CASE WHEN needs_approval = 0 THEN 'not-required' ELSE coalesce(approval_state, 'not-known') END AS label, count(*) AS n
FROM     change
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND result IN ('applied', 'partial')
GROUP BY day(t + :zone_offset * 1073741824), CASE WHEN needs_approval = 0 THEN 'not-required' ELSE coalesce(approval_state, 'not-known') END
ORDER BY t, label
