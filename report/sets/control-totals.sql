-- title:    Control totals per source
-- columns:  sources text "Source" 20 bold, files count "Files" 6, bytes count "Bytes" 11, read count "Read" 9,
--           accepted count "Accepted" 9, rejected count "Rejected" 8, duplicate count "Duplicate" 9, adds_up mark "Adds up" 11,
--           t_first time "First event" 12, t_last time "Last event" 12
-- if-empty: No file has been read.
SELECT   coalesce(sources, 'not recognised') AS sources, count(*) AS files, coalesce(sum(size), 0) AS bytes,
         coalesce(sum(read), 0) AS read, coalesce(sum(accepted), 0) AS accepted, coalesce(sum(rejected), 0) AS rejected,
         coalesce(sum(duplicate), 0) AS duplicate,
         CASE WHEN coalesce(sum(read), 0) = coalesce(sum(accepted), 0) + coalesce(sum(rejected), 0) + coalesce(sum(duplicate), 0)
              THEN 'adds-up' ELSE 'differs' END AS adds_up,
         min(t_first) AS t_first, max(t_last) AS t_last
FROM     file
GROUP BY coalesce(sources, 'not recognised')
ORDER BY sources
