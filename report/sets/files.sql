-- title:    Files that were read
-- columns:  number row "F" 4, path id "File" 34 bold, sources text "Source" 15, size count "Bytes" 9, compression text "Compression" 0,
--           plain_size count "Bytes decompressed" 0, read count "Read" 8,
--           accepted count "Accepted" 8, rejected count "Rejected" 8, duplicate count "Duplicate" 8,
--           conflict count "Conflict" 0, folded count "Folded" 0, not_event count "No event" 0, text count "Text lines" 0,
--           t_first time "First event" 0, t_last time "Last event" 0, problem text "Problem" 0, id hash "SHA-256" 13
-- if-empty: No file has been read.
SELECT   path, sources, size, compression, plain_size, read, accepted, rejected, duplicate, conflict, folded, not_event, text, t_first, t_last,
         problem, id
FROM     file
ORDER BY id
