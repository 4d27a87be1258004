-- The range of time before another one, as long, in few figures: what should have become of its events nobody asks.
SELECT
    toFloat64(count()) AS events,
    toFloat64(countIf(outcome = 'failure')) AS failures
FROM activity
WHERE event_time >= {before:DateTime64(3, 'UTC')} AND event_time < {from:DateTime64(3, 'UTC')}
    -- filters
