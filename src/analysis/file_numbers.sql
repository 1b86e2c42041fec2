SELECT   id
FROM     file
WHERE    id IS NOT NULL
ORDER BY id
