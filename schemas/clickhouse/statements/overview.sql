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
        if(min(account_from) = max(account_to), min(account_from), '') AS account_id,
        toFloat64(sum(found)) AS events,
        toFloat64(sum(found_allowed)) AS allowed,
        toFloat64(sum(found_denied)) AS denied,
        toFloat64(sum(found_should_be_denied)) AS should_be_denied,
        toFloat64(sum(found_should_be_allowed)) AS should_be_allowed,
        toFloat64(sum(found_failures)) AS failures,
        toFloat64(toUnixTimestamp64Milli(min(first))) AS first_ms,
        toFloat64(toUnixTimestamp64Milli(max(last))) AS last_ms,
        groupArray((at_ms, toFloat64(found))) AS course,
        -- One name in two accounts is two keys.
        toFloat64(sum(uniqExact(of_account)) OVER (PARTITION BY facet)) AS total,
        row_number() OVER (PARTITION BY facet ORDER BY sum(found) DESC, value) AS place
    FROM
    (
        WITH
        transform(concat(verdict, ' ', toString(auth_result)),
            ['consistent success', 'consistent failure', 'allowed-but-should-be-denied success', 'denied-but-should-be-allowed failure'],
            ['allowed', 'denied', 'should-be-denied', 'should-be-allowed'], 'not-judged') AS judgement,
            intDiv(toUnixTimestamp64Milli(event_time), {bucket_ms:Int64}) * {bucket_ms:Int64} AS bucket,
            intDiv(toUnixTimestamp64Milli(event_time), {step_ms:Int64}) * {step_ms:Int64} AS step
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
            toFloat64(step) AS at_ms,
            count() AS found,
            countIf(judgement = 'allowed') AS found_allowed,
            countIf(judgement = 'denied') AS found_denied,
            countIf(judgement = 'should-be-denied') AS found_should_be_denied,
            countIf(judgement = 'should-be-allowed') AS found_should_be_allowed,
            countIf(outcome = 'failure') AS found_failures,
            min(event_time) AS first,
            max(event_time) AS last,
            min(toString(activity.account_id)) AS account_from,
            max(toString(activity.account_id)) AS account_to
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
        GROUP BY GROUPING SETS ((bucket), (account_id, key_id, step), (app, step), (source_ip, step), (owner))
        HAVING value != ''
    )
    GROUP BY facet, value
)
WHERE facet = 'at' OR (place <= {limit:UInt32} AND (facet != 'owner' OR place = 1))
ORDER BY facet, place
