-- title:    Records that were not taken, and what else was wrong with files
-- columns:  no row "No" 5, kind text "Kind" 9 bold, file id "File" 30, record count "Record" 7, offset count "Offset" 9, line count "Line" 7,
--           reason text "Reason" 33, excerpt text "Start of the text" 0
-- if-empty: Every record was taken.
SELECT   kind, file, record, offset, line, reason, excerpt
FROM     issue
WHERE    kind <> 'text' AND kind <> 'note'
ORDER BY file, record, offset, kind, reason
