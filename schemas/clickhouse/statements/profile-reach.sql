-- When the first and the last of all events is that a search finds, whatever its time.
SELECT
    toFloat64(count()) AS events,
    toFloat64(toUnixTimestamp64Milli(min(event_time))) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(max(event_time))) AS last_ms,
    toFloat64(countIf(auth_result != 'failure')) AS successes,
    toFloat64(toUnixTimestamp64Milli(maxIf(event_time, auth_result != 'failure'))) AS last_success_ms
FROM activity
WHERE 1 = 1
    -- filters
