-- What a search finds in figures: by what became of it, over time, by the hours of the week of a zone, and the values of each
-- field, most frequent first.
--
-- Why all in one: planning the view, and telling what should have become of each event, cost more than counting it 20 times.
-- Rows are of a facet each: `all` for everything, `at` for a step of time, `hour` for an hour of the week, Monday 0:00 first,
-- `key` for a name in an account, else a field. `total` says how many values there are, without the empty one.
SELECT
    facet, value, toFloat64(found) AS events,
    toFloat64(found_allowed) AS allowed,
    toFloat64(found_denied) AS denied,
    toFloat64(found_should_be_denied) AS should_be_denied,
    toFloat64(found_should_be_allowed) AS should_be_allowed,
    toFloat64(found_outside) AS outside_list,
    toFloat64(found_failures) AS failures,
    toFloat64(toUnixTimestamp64Milli(first)) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(last)) AS last_ms,
    toFloat64(named) AS total
FROM
(
    SELECT
        *,
        countIf(value != '') OVER (PARTITION BY facet) AS named,
        row_number() OVER (PARTITION BY facet ORDER BY found DESC, value) AS place
    FROM
    (
        WITH
            intDiv(toUnixTimestamp64Milli(event_time), {bucket_ms:Int64}) * {bucket_ms:Int64} AS bucket,
            (toDayOfWeek(event_time, 0, {zone:String}) - 1) * 24 + toHour(event_time, {zone:String}) AS hour
        SELECT
            multiIf(
                grouping(bucket) = 0, 'at',
                grouping(hour) = 0, 'hour',
                grouping(asn) = 0, 'asn',
                grouping(account_id) + grouping(key_id) = 0, 'key',
                grouping(account_id) = 0, 'account_id',
                grouping(source) = 0, 'source',
                grouping(key_id) = 0, 'key_id',
                grouping(owner) = 0, 'owner',
                grouping(app) = 0, 'app',
                grouping(source_ip) = 0, 'source_ip',
                grouping(network) = 0, 'network',
                grouping(country) = 0, 'country',
                grouping(action) = 0, 'action',
                grouping(http_method) = 0, 'http_method',
                grouping(status_code) = 0, 'status_code',
                grouping(user_agent) = 0, 'user_agent',
                grouping(auth_result) = 0, 'auth_result',
                grouping(auth_reason) = 0, 'auth_reason',
                grouping(outcome) = 0, 'outcome',
                grouping(judgement) = 0, 'judgement',
                'all'
            ) AS facet,
            multiIf(
                facet = 'at', toString(bucket),
                facet = 'hour', toString(hour),
                facet = 'asn', if(asn = 0, '', toString(asn)),
                facet = 'key', toString(key_id),
                facet = 'account_id', toString(account_id),
                facet = 'source', toString(source),
                facet = 'key_id', toString(key_id),
                facet = 'owner', toString(owner),
                facet = 'app', toString(app),
                facet = 'source_ip', if(source_ip = toIPv6('::'), '', replaceRegexpOne(toString(source_ip), '^::ffff:', '')),
                facet = 'network', toString(network),
                facet = 'country', toString(country),
                facet = 'action', toString(action),
                facet = 'http_method', toString(http_method),
                facet = 'status_code', toString(status_code),
                facet = 'user_agent', toString(user_agent),
                facet = 'auth_result', toString(auth_result),
                facet = 'auth_reason', toString(auth_reason),
                facet = 'outcome', toString(outcome),
                facet = 'judgement', toString(judgement),
                ''
            ) AS value,
            count() AS found,
            countIf(judgement = 'allowed') AS found_allowed,
            countIf(judgement = 'denied') AS found_denied,
            countIf(judgement = 'should-be-denied') AS found_should_be_denied,
            countIf(judgement = 'should-be-allowed') AS found_should_be_allowed,
            countIf(rule_source_ip = 'fail') AS found_outside,
            countIf(outcome = 'failure') AS found_failures,
            min(event_time) AS first,
            max(event_time) AS last
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
        GROUP BY GROUPING SETS
            (
                (bucket), (hour), (asn), (account_id, key_id), (account_id), (source), (key_id), (owner), (app), (source_ip), (network), (country),
                (action), (http_method), (status_code), (user_agent), (auth_result), (auth_reason), (outcome), (judgement), ()
            )
    )
)
WHERE facet IN ('all', 'at', 'hour') OR place <= {limit:UInt32}
ORDER BY facet, place
