-- title:      Expected sources absent, silent or suddenly smaller
-- question:   Are all accounts, regions, repositories, workspaces and clusters in scope represented?
-- severity:   high
-- tier:       1
-- needs:      any
-- population: coverage_day
-- population-words: days with events, per source, account, region and place
-- param:      drop_percent 30 -- less than this share of the earlier volume is a drop
-- param:      drop_events 100 -- sources with fewer events a period are not tested for a drop
-- columns:    source text "Source" 16 bold, account id "Account" 16, region text "Region" 10, place text "Place" 14,
--             reason text "What is wrong" 34, n count "Events now" 8, before count "Usual" 8, severity text "Severity" 0,
--             item id "Number" 0
-- if-empty:   Every expected source was heard, none fell far below its earlier volume, and every event of the period has
--             an environment.
-- caveat:     Which sources must be there is known from the configuration ("expected"). Without it only sources that
--             record all the time are tested, against the three periods of the same length before. Accounts closed in the
--             period are listed. Accounts that are only mentioned inside events are not looked for. Events that no rule of the environment
--             map fits may belong to any environment: their sources, accounts and places are listed in the report of each.
-- reviewer:   Connect the source or explain it; until then the sections that depend on it are partial.
WITH span AS (SELECT :until - :from AS length),
-- what was heard of each key, in the period and in the three before
heard AS (
    SELECT   d.source, d.account, sum(CASE WHEN d.t >= :from THEN d.n ELSE 0 END) AS n,
             sum(CASE WHEN d.t < :from AND d.t >= :from - s.length THEN d.n ELSE 0 END) AS n1,
             sum(CASE WHEN d.t < :from - s.length AND d.t >= :from - 2 * s.length THEN d.n ELSE 0 END) AS n2,
             sum(CASE WHEN d.t < :from - 2 * s.length AND d.t >= :from - 3 * s.length THEN d.n ELSE 0 END) AS n3,
             min(d.t) AS t_first
    FROM     coverage_day d, span s
    WHERE    d.environment = :environment AND d.t < :until AND d.t >= :from - 3 * s.length
    GROUP BY d.source, d.account),
-- how many of the three the record of this key covers, and the median of these
usual AS (
    SELECT h.*, CASE WHEN h.t_first < :from - 2 * s.length THEN 3 WHEN h.t_first < :from - s.length THEN 2
                     WHEN h.t_first < :from THEN 1 ELSE 0 END AS periods,
           CASE WHEN h.t_first < :from - 2 * s.length
                THEN h.n1 + h.n2 + h.n3
                     - CASE WHEN h.n1 >= h.n2 AND h.n1 >= h.n3 THEN h.n1 WHEN h.n2 >= h.n3 THEN h.n2 ELSE h.n3 END
                     - CASE WHEN h.n1 <= h.n2 AND h.n1 <= h.n3 THEN h.n1 WHEN h.n2 <= h.n3 THEN h.n2 ELSE h.n3 END
                WHEN h.t_first < :from - s.length THEN CAST((h.n1 + h.n2) * 0.5 AS INTEGER)
                ELSE h.n1 END AS median
    FROM   heard h, span s),
registered AS (
    SELECT x.source, x.account, x.region, x.place,
           (SELECT coalesce(sum(d.n), 0) FROM coverage_day d
            WHERE  d.t >= day(:from) AND d.t < :until AND (x.environment IS NULL OR d.environment = x.environment)
            AND   (x.source IS NULL OR glob_nocase(x.source, d.source) = 1)
            AND   (x.account IS NULL OR glob_nocase(x.account, d.account) = 1)
            AND   (x.region IS NULL OR glob_nocase(x.region, d.region) = 1)
            AND   (x.place IS NULL OR glob_nocase(x.place, d.place) = 1)) AS n,
           (SELECT coalesce(sum(d.n), 0) FROM coverage_day d
            WHERE (x.environment IS NULL OR d.environment = x.environment)
            AND   (x.source IS NULL OR glob_nocase(x.source, d.source) = 1)
            AND   (x.account IS NULL OR glob_nocase(x.account, d.account) = 1)
            AND   (x.region IS NULL OR glob_nocase(x.region, d.region) = 1)
            AND   (x.place IS NULL OR glob_nocase(x.place, d.place) = 1)) AS ever
    FROM   expected x
    WHERE  x.environment IS NULL OR x.environment = :environment)
SELECT   'expected ' || coalesce(r.source, '*') || ' ' || coalesce(r.account, '*') || ' ' || coalesce(r.region, '*') || ' '
         || coalesce(r.place, '*') || ' ' || coalesce(utc(:from), 'ever') AS item,
         r.source, r.account, r.region, r.place,
         CASE WHEN r.ever = 0 THEN 'absent: expected, and never heard'
              ELSE 'silent: expected, and no event in the period' END AS reason,
         r.n, CAST(NULL AS INTEGER) AS before, 'high' AS severity,
         coalesce(r.source, '') || coalesce(' ' || r.account, '') AS resource
FROM     registered r
WHERE    r.n = 0
UNION ALL
SELECT   'volume ' || u.source || ' ' || coalesce(u.account, '-') || ' ' || coalesce(utc(:from), 'ever'), u.source,
         u.account, NULL, NULL,
         CASE WHEN u.n = 0 THEN 'silent: heard before, and no event in the period'
              ELSE 'drop: less than ' || :drop_percent || ' % of what it recorded in earlier periods' END,
         u.n, u.median, CASE WHEN u.n = 0 THEN 'high' ELSE 'medium' END, u.source || coalesce(' ' || u.account, '')
FROM     usual u
WHERE    u.periods > 0 AND u.median >= CAST(:drop_events AS INTEGER)
AND      u.n * 100 < u.median * CAST(:drop_percent AS INTEGER)
AND      u.source IN (SELECT k.source FROM source k WHERE k.is_continuous = 1)
AND      NOT EXISTS (SELECT 1 FROM registered r
                     WHERE  r.n = 0 AND (r.source IS NULL OR glob_nocase(r.source, u.source) = 1)
                     AND   (r.account IS NULL OR glob_nocase(r.account, u.account) = 1))
UNION ALL
SELECT   'new ' || u.source || ' ' || coalesce(u.account, '-') || ' ' || coalesce(utc(:from), 'ever'), u.source,
         u.account, NULL, NULL,
         'new: recorded, but not among the expected sources', u.n, CAST(NULL AS INTEGER), 'low',
         u.source || coalesce(' ' || u.account, '')
FROM     usual u
WHERE    u.n > 0 AND EXISTS (SELECT 1 FROM expected)
AND      u.source IN (SELECT k.source FROM source k WHERE k.is_continuous = 1)
AND      NOT EXISTS (SELECT 1 FROM expected x
                     WHERE (x.source IS NULL OR glob_nocase(x.source, u.source) = 1)
                     AND   (x.account IS NULL OR glob_nocase(x.account, u.account) = 1))
UNION ALL
SELECT   'unmapped ' || d.source || ' ' || coalesce(d.account, '-') || ' ' || coalesce(d.place, '-') || ' '
         || coalesce(utc(:from), 'ever'),
         d.source, d.account, NULL, d.place,
         'unmapped: no rule of the environment map fits'
         || CASE WHEN :environment = 'unmapped' THEN '' ELSE '; events of this environment may be among them' END, sum(d.n),
         CAST(NULL AS INTEGER),
         -- a cloud account belongs somewhere; a repository may serve every environment
         CASE WHEN d.source IN (SELECT k.source FROM source k WHERE k.gives LIKE '%cloud-audit%') THEN 'medium'
              ELSE 'low' END,
         d.source || coalesce(' ' || d.account, '') || coalesce(' ' || d.place, '')
FROM     coverage_day d
WHERE    d.environment = 'unmapped' AND d.t >= day(:from) AND d.t < :until
GROUP BY d.source, d.account, d.place
ORDER BY 1
