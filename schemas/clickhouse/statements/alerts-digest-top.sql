-- The most severe findings of a digest, latest first.
SELECT fingerprint, rule, toString(severity) AS severity, summary
FROM findings FINAL
WHERE fingerprint IN
(
    SELECT fingerprint FROM deliveries
    WHERE message IN (SELECT arrayJoin(members) FROM deliveries WHERE message = {message:String} AND result = 'planned')
)
ORDER BY findings.severity DESC, last_seen DESC, fingerprint
LIMIT {rows_max:UInt32}
