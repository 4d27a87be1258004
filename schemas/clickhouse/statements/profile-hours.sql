-- How many of the events that a search finds fall into each hour of the week, Monday 0:00 of a zone first.
WITH
    transform(concat(verdict, ' ', toString(auth_result)),
        ['consistent success', 'consistent failure', 'allowed-but-should-be-denied success', 'denied-but-should-be-allowed failure'],
        ['allowed', 'denied', 'should-be-denied', 'should-be-allowed'], 'not-judged') AS judgement
SELECT
    toFloat64((toDayOfWeek(event_time, 0, {zone:String}) - 1) * 24 + toHour(event_time, {zone:String})) AS hour,
    toFloat64(count()) AS events
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
GROUP BY hour
ORDER BY hour
