-- Whether what is kept of keys on some days is of other keys, or other accounts, than their events are by now.
SELECT toFloat64(count()) AS differences
FROM
(
    SELECT home, key_id, key_since, day
    FROM
    (
        SELECT used.home AS home, used.key_id AS key_id, lives.begins_at AS key_since, used.day AS day,
            min(used.event_time) AS first_at, max(used.event_time) AS last_at, 1 AS side
        FROM
        (
            SELECT if(key_account_id = '', account_id, key_account_id) AS home, key_id, toDate(event_time) AS day,
                event_time
            FROM activity
            WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
                AND key_id IN {keys:Array(String)} AND auth_result = 'success'
                AND event_time <= ingested_at + toIntervalMinute(5)
        ) AS used
        ASOF LEFT JOIN (SELECT DISTINCT account_id, key_id, begins_at FROM registry_key_lives) AS lives
            ON lives.account_id = used.home AND lives.key_id = used.key_id AND lives.begins_at <= used.event_time
        GROUP BY home, key_id, key_since, day
        UNION ALL
        SELECT account_id, key_id, key_since, day, min(first_at), max(last_at), -1
        FROM key_places
        WHERE key_id IN {keys:Array(String)} AND day >= toDate({from:DateTime64(3, 'UTC')})
            AND day < toDate({to:DateTime64(3, 'UTC')})
        GROUP BY account_id, key_id, key_since, day
    )
    GROUP BY home, key_id, key_since, day, first_at, last_at
    HAVING sum(side) != 0
    UNION ALL
    SELECT home, key_id, toDateTime64(0, 3, 'UTC'), toDate(0)
    FROM
    (
        SELECT DISTINCT if(key_account_id = '', account_id, key_account_id) AS home, key_id, 1 AS side
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND key_id IN {keys:Array(String)} AND event_time <= ingested_at + toIntervalMinute(5)
        UNION ALL
        SELECT DISTINCT account_id, key_id, -1
        FROM key_hours
        WHERE key_id IN {keys:Array(String)} AND toDate(hour) >= toDate({from:DateTime64(3, 'UTC')})
            AND toDate(hour) < toDate({to:DateTime64(3, 'UTC')})
    )
    GROUP BY home, key_id
    HAVING sum(side) != 0
)
