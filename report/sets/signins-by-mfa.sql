-- title:    Sign-ins by second factor
-- columns:  mfa text "Second factor" 34 bold, n count "Sign-ins" 16, people count "Identities" 16, failed count "Failed" 16
-- if-empty: No sign-in is recorded in the period.
SELECT   CASE mfa WHEN 'yes' THEN 'used' WHEN 'no' THEN 'not used' WHEN 'asserted' THEN 'asserted by the identity provider'
                  ELSE 'not recorded' END AS mfa,
         count(*) AS n, count(DISTINCT coalesce(actor_id, actor)) AS people, sum(CASE WHEN outcome = 'success' THEN 0 ELSE 1 END) AS failed
FROM     event
WHERE    t >= :from AND t < :until AND (:environment IS NULL OR environment = :environment) AND is_login = 1
GROUP BY CASE mfa WHEN 'yes' THEN 'used' WHEN 'no' THEN 'not used' WHEN 'asserted' THEN 'asserted by the identity provider'
                  ELSE 'not recorded' END
ORDER BY n DESC, mfa
