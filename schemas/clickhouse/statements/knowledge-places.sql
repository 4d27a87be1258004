SELECT
    rule, toFloat64(toUnixTimestamp64Milli(done)) AS done, toString(stage) AS stage, after_key AS after,
    toFloat64(toUnixTimestamp(toDateTime(from_day, 'UTC'))) * 1000 AS day, toFloat64(moved) AS moved
FROM knowledge_places FINAL
ORDER BY rule
