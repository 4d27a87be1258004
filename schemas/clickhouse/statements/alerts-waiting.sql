-- Messages that are to be sent, and alerts that are held for a digest: what their last row says. The last is the one
-- with the greatest attempt, and never a time: a clock that was set back must not make anything be sent again.
SELECT
    message,
    said.1 AS result,
    said.2 AS attempt,
    decided AS detail,
    toString(channel) AS channel,
    occasion,
    fingerprint,
    toFloat64(toUnixTimestamp64Milli(first_at)) AS first_ms
FROM
(
    SELECT
        message,
        argMax((toString(result), attempt), (attempt, result)) AS said,
        anyIf(detail, result IN ('held', 'planned')) AS decided,
        any(channel) AS channel,
        toString(any(occasion)) AS occasion,
        any(fingerprint) AS fingerprint,
        min(at) AS first_at
    FROM deliveries
    WHERE message != ''
    GROUP BY message
)
WHERE said.1 IN ('planned', 'failed', 'again')
    OR (said.1 = 'held' AND message NOT IN (SELECT arrayJoin(members) FROM deliveries WHERE occasion = 'digest'))
ORDER BY first_at, message
