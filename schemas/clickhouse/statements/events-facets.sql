-- How many of the events that a search finds have which value, for each of some fields, most frequent first.
SELECT facet, value, toFloat64(events) AS events
FROM
(
    SELECT
        multiIf(
            grouping(account_id) = 0, 'account_id',
            grouping(source) = 0, 'source',
            grouping(key_id) = 0, 'key_id',
            grouping(action) = 0, 'action',
            grouping(outcome) = 0, 'outcome',
            grouping(auth_result) = 0, 'auth_result',
            grouping(country) = 0, 'country',
            grouping(http_method) = 0, 'http_method',
            'status_code'
        ) AS facet,
        multiIf(
            facet = 'account_id', toString(account_id),
            facet = 'source', toString(source),
            facet = 'key_id', toString(key_id),
            facet = 'action', toString(action),
            facet = 'outcome', toString(outcome),
            facet = 'auth_result', toString(auth_result),
            facet = 'country', toString(country),
            facet = 'http_method', toString(http_method),
            toString(status_code)
        ) AS value,
        count() AS events
    FROM activity
    WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
    GROUP BY GROUPING SETS
    (
        (account_id), (source), (key_id), (action), (outcome), (auth_result), (country), (http_method), (status_code)
    )
)
ORDER BY facet, events DESC, value
LIMIT {limit:UInt32} BY facet
