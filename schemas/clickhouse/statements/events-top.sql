-- The values of one field that most of the events have which a search finds, with their course over time.
--
-- Why twice grouped: the course of a value is a list of steps, and steps are few.
SELECT
    value,
    if(min(account_from) = max(account_to), min(account_from), '') AS account_id,
    toFloat64(sum(found)) AS events,
    toFloat64(sum(allowed)) AS allowed,
    toFloat64(sum(denied)) AS denied,
    toFloat64(sum(should_be_denied)) AS should_be_denied,
    toFloat64(sum(should_be_allowed)) AS should_be_allowed,
    toFloat64(toUnixTimestamp64Milli(min(first))) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(max(last))) AS last_ms,
    groupArray((at_ms, toFloat64(found))) AS course
FROM
(
    SELECT
        toString({field:Identifier}) AS value,
        toFloat64(intDiv(toUnixTimestamp64Milli(event_time), {step_ms:Int64}) * {step_ms:Int64}) AS at_ms,
        count() AS found,
        countIf(judgement = 'allowed') AS allowed,
        countIf(judgement = 'denied') AS denied,
        countIf(judgement = 'should-be-denied') AS should_be_denied,
        countIf(judgement = 'should-be-allowed') AS should_be_allowed,
        min(event_time) AS first,
        max(event_time) AS last,
        min(activity.account_id) AS account_from,
        max(activity.account_id) AS account_to
    FROM activity
    WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
    GROUP BY value, at_ms
    HAVING value NOT IN ('', '::')
)
GROUP BY value
ORDER BY events DESC, value
LIMIT {limit:UInt32}
