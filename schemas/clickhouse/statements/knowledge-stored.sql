-- Those of some events that are still stored.
SELECT DISTINCT event_id
FROM audit_events
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND event_id IN {event_ids:Array(String)}
