-- What was ever said of accounts, by changes that count.
SELECT
    [account_id] AS id,
    toUnixTimestamp64Milli(valid_from) AS valid_from_ms,
    precision_ms,
    toUnixTimestamp64Milli(recorded_at) AS recorded_at_ms,
    retracts,
    origin,
    name,
    account_key_state,
    toUnixTimestamp64Milli(api_enabled_since) AS api_enabled_since_ms
FROM registry_accounts
WHERE recorded_at IN (SELECT recorded_at FROM registry_imports WHERE state = 'committed')
