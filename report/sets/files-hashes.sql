-- title:    Files with their full digests
-- columns:  number row "F" 5, path id "File" 40 bold, id text "SHA-256" 60
-- if-empty: No file has been read.
SELECT   path, id
FROM     file
ORDER BY id
