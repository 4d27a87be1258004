-- The first and the last of all events of what filters ask for that name recorded columns alone, whatever its time.
--
-- Why not the view: an event that is there twice has one time, and adds nothing to a first or a last one.
SELECT
    toFloat64(count()) AS events,
    toFloat64(toUnixTimestamp64Milli(min(event_time))) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(max(event_time))) AS last_ms,
    toFloat64(countIf(auth_result != 'failure')) AS successes,
    toFloat64(toUnixTimestamp64Milli(maxIf(event_time, auth_result != 'failure'))) AS last_success_ms
FROM audit_events
WHERE source != 'keytrail/access-log'
    -- filters
