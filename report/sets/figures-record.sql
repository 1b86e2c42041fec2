-- title:    Figures of all that was read
-- columns:  files count "Files", files_unread count "Files that could not be read", bytes count "Bytes", records_read count "Records read",
--           records_accepted count "Accepted", records_rejected count "Rejected", records_duplicate count "Duplicates",
--           conflicts count "Conflicts", records_unread count "Records and files not taken", is_balanced count "The equation holds",
--           events_total count "Events of all periods", events_period count "Events in the period",
--           events_outside count "Events out of the period", events_elsewhere count "Events of other environments",
--           events_unmapped count "Events that no environment rule fits", gaps count "Gaps that touch the period",
--           events_unmapped_outside count "Of these not in this report", events_unmapped_cloud count "Of these from cloud accounts",
--           blind count "Times that an audit log was switched off", blind_seconds duration "Time that audit logs were off in the period",
--           rejected_period count "Rejected records of files that reach into the period"
WITH got AS (
    SELECT count(*) AS files, coalesce(sum(CASE WHEN problem IS NOT NULL THEN 1 ELSE 0 END), 0) AS unread,
           coalesce(sum(size), 0) AS bytes, coalesce(sum(read), 0) AS read, coalesce(sum(accepted), 0) AS accepted,
           coalesce(sum(rejected), 0) AS rejected, coalesce(sum(duplicate), 0) AS duplicate, coalesce(sum(conflict), 0) AS conflict
    FROM   file),
off AS (
    SELECT seconds_between(max(t, :from), min(coalesce(t_until, :until), :until)) AS seconds
    FROM   blind
    WHERE  t < :until AND coalesce(t_until, :until) > :from AND (:environment IS NULL OR environment IN (:environment, 'unmapped'))),
heard AS (
    SELECT coalesce(sum(n), 0) AS total,
           coalesce(sum(CASE WHEN t >= :from AND t < :until THEN n ELSE 0 END), 0) AS inside,
           coalesce(sum(CASE WHEN t >= :from AND t < :until AND environment <> coalesce(:environment, environment)
                                  AND environment <> 'unmapped' THEN n ELSE 0 END), 0) AS elsewhere,
           coalesce(sum(CASE WHEN t >= :from AND t < :until AND environment = 'unmapped' THEN n ELSE 0 END), 0) AS unmapped,
           coalesce(sum(CASE WHEN t >= :from AND t < :until AND environment = 'unmapped' AND coalesce(:environment, 'unmapped') <> 'unmapped'
                             THEN n ELSE 0 END), 0) AS unmapped_outside,
           coalesce(sum(CASE WHEN t >= :from AND t < :until AND environment = 'unmapped'
                              AND source IN (SELECT k.source FROM source k WHERE instr(' ' || k.gives || ' ', ' cloud-audit ') > 0)
                             THEN n ELSE 0 END), 0) AS unmapped_cloud
    FROM   coverage)
SELECT got.files, got.unread AS files_unread, got.bytes, got.read AS records_read, got.accepted AS records_accepted,
       got.rejected AS records_rejected, got.duplicate AS records_duplicate, got.conflict AS conflicts,
       got.rejected + got.unread AS records_unread,
       CASE WHEN got.read = got.accepted + got.rejected + got.duplicate THEN 1 ELSE 0 END AS is_balanced,
       heard.total AS events_total, heard.inside AS events_period, heard.total - heard.inside AS events_outside,
       heard.elsewhere AS events_elsewhere, heard.unmapped AS events_unmapped,
       heard.unmapped_outside AS events_unmapped_outside, heard.unmapped_cloud AS events_unmapped_cloud,
       (SELECT count(*) FROM gap WHERE t < :until AND t_end > :from
                           AND (:environment IS NULL OR environment IN (:environment, 'unmapped'))) AS gaps,
       (SELECT count(*) FROM off) AS blind, (SELECT coalesce(sum(seconds), 0) FROM off) AS blind_seconds,
       (SELECT count(*) FROM issue WHERE kind = 'rejected' AND (t_first IS NULL OR (t_first < :until AND t_last >= :from)))
       AS rejected_period
FROM   got, heard
