-- title:    Control totals per source
-- columns:  sources text "Source" 20 bold, files count "Files" 6, bytes count "Bytes" 11, read count "Read" 9,
--           accepted count "Accepted" 9, rejected count "Rejected" 8, duplicate count "Duplicate" 9, adds_up mark "Adds up" 11,
--           t_first time "First event" 12, t_last time "Last event" 12
-- if-empty: No file has been read.
WITH total AS (
    SELECT 0 AS place, coalesce(sources, 'not recognised') AS sources, count(*) AS files, sum(size) AS bytes, sum(read) AS read,
           sum(accepted) AS accepted, sum(rejected) AS rejected, sum(duplicate) AS duplicate, min(t_first) AS t_first, max(t_last) AS t_last
    FROM   file
    GROUP BY coalesce(sources, 'not recognised')
    UNION ALL
    SELECT 1, 'all sources', count(*), sum(size), sum(read), sum(accepted), sum(rejected), sum(duplicate), min(t_first), max(t_last)
    FROM   file)
SELECT   sources, files, coalesce(bytes, 0) AS bytes, coalesce(read, 0) AS read, coalesce(accepted, 0) AS accepted,
         coalesce(rejected, 0) AS rejected, coalesce(duplicate, 0) AS duplicate,
         CASE WHEN coalesce(read, 0) = coalesce(accepted, 0) + coalesce(rejected, 0) + coalesce(duplicate, 0)
              THEN 'adds-up' ELSE 'differs' END AS adds_up, t_first, t_last
FROM     total
WHERE    files > 0
ORDER BY place, sources
