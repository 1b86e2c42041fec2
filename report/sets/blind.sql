-- title:    Times that an audit log was switched off
-- columns:  source text "Source" 14 bold, account id "Account" 14, t time "Off" 13, t_until time "On again" 13,
--           inside duration "Blind in the period" 11, actor text "By" 16, action text "Action" 16, reason text "What it means" 22,
--           resource id "What" 0, environment text "Environment" 0, evidence id "Evidence" 0
-- if-empty: No audit log was switched off during the period.
SELECT   b.source, b.account, b.t, b.t_until, seconds_between(max(b.t, :from), min(coalesce(b.t_until, :until), :until)) AS inside,
         coalesce(b.person, b.actor, 'not recorded') AS actor, b.action, coalesce(b.reason, 'an audit log was altered') AS reason,
         b.resource, b.environment, b.evidence
FROM     blind b
WHERE    b.t < :until AND coalesce(b.t_until, :until) > :from
AND     (:environment IS NULL OR b.environment IN (:environment, 'unmapped'))
ORDER BY b.t, b.id
