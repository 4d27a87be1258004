-- The first and the last time of any event. Without conditions the engine answers from what it knows of its parts.
SELECT
    toString(toUnixTimestamp64Milli(min(event_time))) AS first_ms,
    toString(toUnixTimestamp64Milli(max(event_time))) AS last_ms
FROM audit_events
