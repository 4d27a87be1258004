-- How many of the events that a search finds fall into each step of time, by what became of them and whether it should have.
SELECT
    toFloat64(intDiv(toUnixTimestamp64Milli(event_time), {step_ms:Int64}) * {step_ms:Int64}) AS at_ms,
    judgement,
    toFloat64(count()) AS events
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
GROUP BY at_ms, judgement
ORDER BY at_ms, judgement
