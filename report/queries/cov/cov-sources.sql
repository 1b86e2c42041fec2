-- title:      Source and file inventory with control totals
-- question:   What exactly is this report based on?
-- severity:   info
-- tier:       1
-- kind:       population
-- needs:      any
-- population: file
-- population-words: files that were read
-- population-scope: all
-- columns:    sources text "Source" 14 bold, path text "File" 26, size count "Bytes" 8, id hash "SHA-256" 14, read count
--             "Records" 6, accepted count "Accepted" 6, rejected count "Rejected" 6, duplicate count "Duplicate" 6,
--             balanced mark "Agrees" 5, t_first time "First event" 13, t_last time "Last event" 13, plain_size count
--             "Bytes inflated" 0, compression text "Compression" 0, conflict count "Conflicts" 0, folded count "Parts of
--             others" 0, not_event count "No events" 0, problem text "Problem" 0
-- if-empty:   No file was read.
-- caveat:     A file belongs to no environment: every report of the database lists all of them. Records read are those
--             accepted, rejected and duplicate; the mark says that this holds for the file.
-- reviewer:   Re-perform: hash the file, count the records.
SELECT   coalesce(f.sources, 'not known') AS sources, f.path, f.size, f.id, f.read, f.accepted, f.rejected, f.duplicate,
         CASE WHEN f.read = f.accepted + f.rejected + f.duplicate THEN 'yes' ELSE 'no' END AS balanced,
         f.t_first, f.t_last, f.plain_size, f.compression, f.conflict, f.folded, f.not_event, f.problem
FROM     file f
ORDER BY coalesce(f.sources, 'not known'), f.path, f.id
