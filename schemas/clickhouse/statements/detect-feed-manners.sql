-- What the new events say of the clients and operations of keys. Stored again, it changes nothing.
INSERT INTO {table:Identifier}
SELECT
    used.account_id, used.key_id, lives.begins_at AS key_since, used.manner.1, used.manner.2, used.day,
    min(used.event_time), max(used.event_time)
FROM
(
    SELECT
        if(key_account_id = '', account_id, key_account_id) AS account_id,
        key_id,
        arrayJoin([('user-agent', toString(user_agent)), ('action', toString(action))]) AS manner,
        toDate(event_time) AS day,
        event_time
    FROM activity
    WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
        AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
        AND (key_id IN {keys:Array(String)} OR empty({keys:Array(String)}))
        AND key_id != '' AND auth_result = 'success' AND manner.2 != ''
        AND event_time <= ingested_at + toIntervalMinute(5)
) AS used
ASOF LEFT JOIN (SELECT DISTINCT account_id, key_id, begins_at FROM registry_key_lives) AS lives
    ON lives.account_id = used.account_id AND lives.key_id = used.key_id AND lives.begins_at <= used.event_time
GROUP BY used.account_id, used.key_id, key_since, used.manner, used.day
