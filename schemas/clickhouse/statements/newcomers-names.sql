-- What was seen in a range of time, and not in the one before it, by name alone: nothing is looked up of what was there before.
SELECT kind, value
FROM
(
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
        ) AS value
    FROM activity
    WHERE event_time >= {before:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
    GROUP BY GROUPING SETS ((key_id), (app), (source_ip), (country), (user_agent))
    HAVING min(event_time) >= {from:DateTime64(3, 'UTC')} AND value != ''
)
ORDER BY kind, value
LIMIT {limit:UInt32}
