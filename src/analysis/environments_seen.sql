-- Environments with events, and with changes or approvals whose sources make no events.
SELECT environment FROM coverage_day
UNION
SELECT environment FROM change
UNION
SELECT environment FROM managed
ORDER BY environment
