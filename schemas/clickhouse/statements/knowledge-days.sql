-- Days of a range on which something was stored of keys; without keys, of any.
SELECT DISTINCT toFloat64(toUnixTimestamp(toDateTime(toDate(event_time), 'UTC'))) * 1000 AS day
FROM audit_events
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (empty({keys:Array(String)}) OR key_id IN {keys:Array(String)})
ORDER BY day
