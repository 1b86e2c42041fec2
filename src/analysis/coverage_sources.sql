SELECT   source, title, gives, is_continuous
FROM     source
ORDER BY source
