SELECT   c.source, c.account, c.place, sum(c.n) AS n
FROM     coverage c
GROUP BY c.source, c.account, c.place
ORDER BY c.source, c.account, c.place
