-- What is recorded of schedules: for each period what was said last, by attempt and never by time.
SELECT
    toString(schedule) AS schedule,
    period,
    toString(argMax(result, (attempt, report_runs.result))) AS last_result,
    max(attempt) AS attempts,
    toFloat64(toUnixTimestamp64Milli(min(at))) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(max(at))) AS last_ms
FROM report_runs
WHERE schedule IN {schedules:Array(String)}
GROUP BY schedule, period
ORDER BY schedule, period
