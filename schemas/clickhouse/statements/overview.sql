-- A range of time in figures: over time, and the busiest keys, apps and addresses with their course.
--
-- Why all in one: planning the view, and telling what should have become of each event, cost more than counting it five
-- times. The rows are of five kinds; of each `total` says how many there are, and of keys, apps and addresses come the first.
SELECT
    facet, value, account_id, events, allowed, denied, should_be_denied, should_be_allowed, failures,
    first_ms, last_ms, course, total
FROM
(
    SELECT
        facet, value,
        if(uniqExact(of_account_alone) = 1, any(of_account_alone), '') AS account_id,
        toFloat64(sum(found)) AS events,
        toFloat64(sum(found_allowed)) AS allowed,
        toFloat64(sum(found_denied)) AS denied,
        toFloat64(sum(found_should_be_denied)) AS should_be_denied,
        toFloat64(sum(found_should_be_allowed)) AS should_be_allowed,
        toFloat64(sum(found_failures)) AS failures,
        toFloat64(toUnixTimestamp64Milli(min(first))) AS first_ms,
        toFloat64(toUnixTimestamp64Milli(max(last))) AS last_ms,
        arrayMap((found, at) -> (toFloat64(({first_step:Int64} + at) * {step_ms:Int64}), toFloat64(found)), sumForEach(found_by_step), range(32)) AS course,
        -- One name in two accounts is two keys.
        toFloat64(sum(uniqExact(of_account)) OVER (PARTITION BY facet)) AS total,
        row_number() OVER (PARTITION BY facet ORDER BY sum(found) DESC, value) AS place
    FROM
    (
        WITH
            intDiv(toUnixTimestamp64Milli(event_time), {bucket_ms:Int64}) * {bucket_ms:Int64} AS bucket
        SELECT
            multiIf(
                grouping(bucket) = 0, 'at',
                grouping(key_id) = 0, 'key_id',
                grouping(app) = 0, 'app',
                grouping(source_ip) = 0, 'source_ip',
                'owner'
            ) AS facet,
            multiIf(
                facet = 'at', toString(bucket),
                facet = 'key_id', toString(key_id),
                facet = 'app', toString(app),
                facet = 'source_ip', if(source_ip = toIPv6('::'), '', replaceRegexpOne(toString(source_ip), '^::ffff:', '')),
                toString(owner)
            ) AS value,
            toString(account_id) AS of_account,
            count() AS found,
            -- COURSE_POINTS_MAX is 32. A group for each step of each value would cost more than all the rest.
            countResample(0, 32, 1)(intDiv(toUnixTimestamp64Milli(event_time), {step_ms:Int64}) - {first_step:Int64}) AS found_by_step,
            countIf(judgement = 'allowed') AS found_allowed,
            countIf(judgement = 'denied') AS found_denied,
            countIf(judgement = 'should-be-denied') AS found_should_be_denied,
            countIf(judgement = 'should-be-allowed') AS found_should_be_allowed,
            countIf(outcome = 'failure') AS found_failures,
            min(event_time) AS first,
            max(event_time) AS last,
            if(uniqUpTo(1)(activity.account_id) = 1, toString(any(activity.account_id)), '') AS of_account_alone
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
        GROUP BY GROUPING SETS ((bucket), (account_id, key_id), (app), (source_ip), (owner))
        HAVING value != ''
    )
    GROUP BY facet, value
)
WHERE facet = 'at' OR (place <= {limit:UInt32} AND (facet != 'owner' OR place = 1))
ORDER BY facet, place
