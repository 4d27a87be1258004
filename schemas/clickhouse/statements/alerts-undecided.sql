-- Alerts, and findings of the past, of which nobody decided yet where they are sent.
SELECT
    fingerprint, rule, severity, account_id, app, backfill, occasion,
    toFloat64(toUnixTimestamp64Milli(occasion_at)) AS occasion_ms,
    toFloat64(toUnixTimestamp64Milli(happened_at)) AS happened_ms,
    told.channels AS told
FROM
(
    SELECT
        fingerprint, rule, toString(severity) AS severity, account_id, JSONExtractString(facts, 'app') AS app, backfill,
        multiIf(
            state IN ('true-positive', 'false-positive', 'withdrawn'), 'resolved',
            state = 'open' AND acted_at > toDateTime64(0, 3, 'UTC'), 'reopened',
            'opened'
        ) AS occasion,
        if(occasion = 'opened', toDateTime64(0, 3, 'UTC'), acted_at) AS occasion_at,
        multiIf(occasion = 'opened', found_at, occasion = 'reopened', shown.at, acted_at) AS happened_at
    FROM finding_states
    LEFT JOIN (SELECT fingerprint, max(found_at) AS at FROM finding_evidence GROUP BY fingerprint) AS shown
        USING (fingerprint)
    WHERE raises = 'alert' OR (backfill AND suppression = '')
) AS intents
LEFT JOIN
(
    SELECT fingerprint, groupUniqArray(toString(channel)) AS channels
    FROM deliveries
    WHERE result IN ('planned', 'again') AND fingerprint != ''
    GROUP BY fingerprint
) AS told USING (fingerprint)
WHERE happened_at >= {since:DateTime64(3, 'UTC')}
    AND (occasion != 'resolved' OR notEmpty(told.channels))
    AND (fingerprint, occasion, occasion_at) NOT IN
        (SELECT fingerprint, toString(occasion), occasion_at FROM deliveries WHERE occasion != 'digest')
ORDER BY fingerprint
LIMIT {rows_max:UInt32}
