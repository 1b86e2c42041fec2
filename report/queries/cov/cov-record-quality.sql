-- title:      Rejected, conflicting and incomplete records
-- question:   Were any records dropped, and do the remaining ones contain what the standard requires?
-- severity:   high
-- tier:       1
-- needs:      any
-- population: event where is_write = 1
-- population-words: writes examined for their elements, besides the files they came from
-- param:      fill_percent 99 -- share of writes and sign-ins that must have each element
-- param:      unknown_percent 1 -- share of events whose kind of act may be unknown
-- columns:    source text "Source" 14 bold, what text "What" 14, reason text "What is wrong" 34, n count "Records" 7,
--             file text "File" 24, record count "Record" 6, offset count "Byte" 0, line count "Line" 0, excerpt text
--             "Excerpt" 0, severity text "Severity" 0, item id "Number" 0, evidence id "Evidence" 0
-- if-empty:   No record of the files that reach into the period was rejected, none contradicts another, and the records have the six elements who, what, when,
--             where from, on what and with what result.
-- caveat:     A rejected record has no time and no environment that one could rely on: it is listed for every environment
--             and for the periods that its file reaches into. An element that a source never records (some have no
--             addresses) is not listed. Lines of text between the records of a log are normal and not listed. Duplicates are
--             normal (delivery at least once), are taken out and counted in cov-sources.
-- reviewer:   Mend the export or the source; disclose what is left.
WITH acts AS (
    SELECT   e.source, count(*) AS n,
             sum(CASE WHEN e.actor IS NULL AND e.actor_id IS NULL AND e.actor_type <> 'anonymous'
                      THEN 1 ELSE 0 END) AS without_actor,
             sum(CASE WHEN e.source_ip IS NULL THEN 1 ELSE 0 END) AS without_address,
             sum(CASE WHEN e.resource IS NULL AND e.is_login = 0 THEN 1 ELSE 0 END) AS without_resource,
             sum(CASE WHEN e.outcome = 'unknown' THEN 1 ELSE 0 END) AS without_result,
             sum(e.is_omitted) AS omitted,
             min(CASE WHEN e.is_omitted = 1 THEN e.id END) AS omitted_id
    FROM    (SELECT w.* FROM event w
             WHERE  w.t >= :from AND w.t < :until AND w.environment = :environment AND w.is_write = 1
             UNION ALL
             SELECT l.* FROM event l
             WHERE  l.t >= :from AND l.t < :until AND l.environment = :environment AND l.is_login = 1) e
    WHERE    e.source IN (SELECT k.source FROM source k WHERE k.is_continuous = 1)
    GROUP BY e.source),
elements AS (
    SELECT source, n, without_actor AS missing, 'who' AS element FROM acts
    UNION ALL SELECT source, n, without_address, 'where from' FROM acts
    UNION ALL SELECT source, n, without_resource, 'on what' FROM acts
    UNION ALL SELECT source, n, without_result, 'result' FROM acts)
SELECT   'issue ' || i.id AS item, coalesce(i.sources, 'not known') AS source, i.kind AS what, i.reason, 1 AS n, i.file,
         i.record, i.offset, i.line, i.excerpt, CASE WHEN i.kind = 'note' THEN 'info' ELSE 'high' END AS severity,
         i.file || CASE WHEN i.record IS NULL THEN '' ELSE ' record ' || i.record END AS resource, NULL AS evidence
FROM     issue i
WHERE    i.kind <> 'text' AND (i.t_first IS NULL OR (i.t_first < :until AND i.t_last >= :from))
UNION ALL
SELECT   'file ' || f.id, coalesce(f.sources, 'not known'), 'file', f.problem, f.read, f.path, NULL, NULL, NULL, NULL,
         'high', f.path, NULL
FROM     file f
WHERE    f.problem IS NOT NULL AND NOT EXISTS (SELECT 1 FROM issue i WHERE i.file = f.path)
UNION ALL
SELECT   'totals ' || f.id, coalesce(f.sources, 'not known'), 'control totals',
         'records read are not those accepted, rejected and duplicate', f.read, f.path, NULL, NULL, NULL, NULL,
         'critical', f.path, NULL
FROM     file f
WHERE    f.read <> f.accepted + f.rejected + f.duplicate
UNION ALL
SELECT   'element ' || x.source || ' ' || x.element || ' ' || coalesce(utc(:from), 'ever'), x.source, x.element,
         'missing in more than ' || (100 - CAST(:fill_percent AS INTEGER)) || ' % of writes and sign-ins',
         x.missing, NULL, NULL, NULL, NULL, NULL, 'low', x.source, NULL
FROM     elements x
WHERE    x.missing * 100 > x.n * (100 - CAST(:fill_percent AS INTEGER)) AND x.missing < x.n
UNION ALL
SELECT   'omitted ' || a.source || ' ' || coalesce(utc(:from), 'ever'), a.source, 'content',
         'the source cut the content of records: what they changed is not known',
         a.omitted, NULL, NULL, NULL, NULL, NULL, 'medium', a.source, a.omitted_id
FROM     acts a
WHERE    a.omitted > 0
UNION ALL
SELECT   'verb ' || e.source || ' ' || coalesce(utc(:from), 'ever'), e.source, 'kind of act',
         'actions whose kind (read, write, sign-in ...) is not known',
         e.unknown, NULL, NULL, NULL, NULL, NULL, 'low', e.source, NULL
FROM    (SELECT   v.source, sum(v.n) AS n, sum(CASE WHEN v.verb = 'unknown' THEN v.n ELSE 0 END) AS unknown
         FROM     action_day v
         WHERE    v.t >= day(:from) AND v.t < :until AND v.environment = :environment
         GROUP BY v.source) e
WHERE    e.unknown * 100 > e.n * CAST(:unknown_percent AS INTEGER)
ORDER BY 1
