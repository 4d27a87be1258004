-- How many rows of the snapshot lie in each hour: repeats that are not merged yet count.
SELECT
    toFloat64(toUnixTimestamp(toStartOfHour(event_time))) * 1000 AS hour_ms,
    toFloat64(count()) AS rows
FROM renormalise_snapshot
GROUP BY hour_ms
ORDER BY hour_ms
