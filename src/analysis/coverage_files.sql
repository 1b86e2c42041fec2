-- Files that reach into the period, and those whose records have no time (states). Their sources were read even when they
-- recorded nothing for the environment.
SELECT DISTINCT sources
FROM            file
WHERE           sources IS NOT NULL
AND             (t_first IS NULL OR (t_first < :until AND t_last >= :from))
ORDER BY        sources
