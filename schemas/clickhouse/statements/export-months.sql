-- The months of a range, and how many rows lie in each: repeats that are not merged yet count, which is near enough for progress.
SELECT
    toYYYYMM(event_time) AS month,
    toFloat64(count()) AS rows
FROM audit_events
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY month
ORDER BY month
