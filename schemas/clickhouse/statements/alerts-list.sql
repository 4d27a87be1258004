-- Messages with what became of them last; a digest tells how many findings are in it.
SELECT
    left(message, 12) AS id, channel, occasion, left(fingerprint, 12) AS finding, rule, result, attempts, at, detail
FROM
(
    SELECT
        message,
        any(deliveries.channel) AS channel,
        toString(any(deliveries.occasion)) AS occasion,
        any(deliveries.fingerprint) AS fingerprint,
        toString(argMax(deliveries.result, (attempt, deliveries.result))) AS result,
        max(attempt) AS attempts,
        max(deliveries.at) AS at,
        argMax(deliveries.detail, (attempt, deliveries.result)) AS detail
    FROM deliveries
    WHERE message != ''
    GROUP BY message
) AS messages
LEFT JOIN (SELECT fingerprint, rule FROM findings FINAL) AS found USING (fingerprint)
WHERE (NOT {undelivered:Bool} OR result IN ('planned', 'failed', 'again', 'given-up'))
    AND ({undelivered:Bool} OR result != 'held')
ORDER BY at DESC, id
