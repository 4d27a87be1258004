-- The hours of keys that the new events touched, counted anew.
INSERT INTO {table:Identifier}
WITH touched AS (
    SELECT DISTINCT if(key_account_id = '', account_id, key_account_id) AS home, key_id,
        toStartOfHour(event_time) AS hour
    FROM activity
    WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
        AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)})) AND key_id != ''
        AND (key_id IN {keys:Array(String)} OR empty({keys:Array(String)}))
)
SELECT
    if(key_account_id = '', account_id, key_account_id) AS home,
    key_id,
    toStartOfHour(event_time) AS hour,
    count(),
    countIf(auth_result = 'success'),
    countIf(auth_result = 'failure'),
    {now:DateTime64(3, 'UTC')}
FROM activity
WHERE event_time >= toStartOfHour({from:DateTime64(3, 'UTC')})
    AND event_time < toStartOfHour({to:DateTime64(3, 'UTC')}) + INTERVAL 1 HOUR
    AND key_id != '' AND (key_id IN {keys:Array(String)} OR empty({keys:Array(String)}))
    AND event_time <= ingested_at + toIntervalMinute(5)
    AND (home, key_id, hour) IN (SELECT home, key_id, hour FROM touched)
GROUP BY home, key_id, hour
