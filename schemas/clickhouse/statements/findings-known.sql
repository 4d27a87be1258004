-- Of fingerprints: those that were found before, what became of them, and the days whose events they have.
SELECT
    fingerprint,
    state,
    toFloat64(toUnixTimestamp64Milli(acted_at)) AS acted_ms,
    days
FROM finding_states
LEFT JOIN
(
    SELECT fingerprint, groupUniqArray(toUInt32(day)) AS days
    FROM
    (
        SELECT fingerprint, toDate(first_seen) AS day FROM findings WHERE fingerprint IN {fingerprints:Array(String)}
        UNION ALL
        SELECT fingerprint, day FROM finding_evidence WHERE fingerprint IN {fingerprints:Array(String)}
    )
    GROUP BY fingerprint
) AS evidence USING (fingerprint)
WHERE fingerprint IN {fingerprints:Array(String)}
