-- How many of the events that a search finds have which value, for each of some fields, most frequent first.
SELECT facet, value, toFloat64(events) AS events
FROM
(
    SELECT
        multiIf(
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
            'judgement'
        ) AS facet,
        multiIf(
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
            toString(judgement)
        ) AS value,
        count() AS events
    FROM activity
    WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
    GROUP BY GROUPING SETS
    (
        (account_id), (source), (key_id), (owner), (app), (source_ip), (network), (country),
        (action), (http_method), (status_code), (user_agent), (auth_result), (auth_reason), (outcome), (judgement)
    )
)
ORDER BY facet, events DESC, value
LIMIT {limit:UInt32} BY facet
