-- How many findings of each rule a digest tells of.
SELECT rule, toString(severity) AS severity, toFloat64(count()) AS findings
FROM findings FINAL
WHERE fingerprint IN
(
    SELECT fingerprint FROM deliveries
    WHERE message IN (SELECT arrayJoin(members) FROM deliveries WHERE message = {message:String} AND result = 'planned')
)
GROUP BY rule, findings.severity
ORDER BY findings.severity DESC, findings DESC, rule
