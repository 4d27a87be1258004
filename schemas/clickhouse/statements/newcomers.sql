-- What was seen in a range of time, and not in the one before it, as long: the gravest of each kind, then the busiest. Where
-- the names of what is new are known already, the range before need not be read: it is empty then.
SELECT
    kind, value,
    toFloat64(events) AS events,
    toFloat64(keys) AS keys,
    toFloat64(toUnixTimestamp64Milli(first)) AS first_ms,
    ['allowed', 'not-judged', 'denied', 'should-be-allowed', 'should-be-denied'][gravest] AS judgement
FROM
(
    WITH
        event_time >= {from:DateTime64(3, 'UTC')} AS is_now
    SELECT
        multiIf(
            grouping(key_id) = 0, 'key_id',
            grouping(app) = 0, 'app',
            grouping(source_ip) = 0, 'source_ip',
            grouping(country) = 0, 'country',
            'user_agent'
        ) AS kind,
        multiIf(
            kind = 'key_id', toString(key_id),
            kind = 'app', toString(app),
            kind = 'source_ip', if(source_ip = toIPv6('::'), '', replaceRegexpOne(toString(source_ip), '^::ffff:', '')),
            kind = 'country', toString(country),
            toString(user_agent)
        ) AS value,
        countIf(is_now) AS events,
        countIf(NOT is_now) AS events_before,
        uniqExact(account_id, key_id) AS keys,
        min(event_time) AS first,
        max(indexOf(['allowed', 'not-judged', 'denied', 'should-be-allowed', 'should-be-denied'], toString(judgement))) AS gravest
    FROM activity
    WHERE event_time >= {before:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
    -- of the names
    GROUP BY GROUPING SETS ((key_id), (app), (source_ip), (country), (user_agent))
)
WHERE events_before = 0 AND value != '' AND ({is_named:UInt8} = 0 OR has({names:Array(String)}, concat(kind, ' ', value)))
ORDER BY kind, gravest DESC, events DESC, value
LIMIT {limit:UInt32} BY kind
