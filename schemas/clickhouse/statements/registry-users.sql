-- What was ever said of users, by changes that count.
SELECT
    [account_id, email] AS id,
    toUnixTimestamp64Milli(valid_from) AS valid_from_ms,
    precision_ms,
    toUnixTimestamp64Milli(recorded_at) AS recorded_at_ms,
    retracts,
    origin,
    user_id,
    name,
    role,
    active,
    has_api_key,
    mfa
FROM registry_users
WHERE recorded_at IN (SELECT recorded_at FROM registry_imports WHERE state = 'committed')
