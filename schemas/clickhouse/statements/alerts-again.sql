-- The messages that were not delivered, or those whose id begins so whatever became of them.
SELECT
    message,
    any(attempt) AS attempt,
    toString(any(channel)) AS channel,
    toString(any(occasion)) AS occasion,
    any(fingerprint) AS fingerprint,
    toFloat64(toUnixTimestamp64Milli(any(occasion_at))) AS occasion_ms
FROM
(
    SELECT message, channel, occasion, fingerprint, occasion_at, attempt, result
    FROM deliveries
    WHERE message != '' AND result != 'held' AND ({prefix:String} = '' OR startsWith(message, {prefix:String}))
    ORDER BY deliveries.attempt DESC, deliveries.result DESC
    LIMIT 1 BY message
)
GROUP BY message
HAVING {prefix:String} != '' OR any(result) = 'given-up'
ORDER BY message
