-- What was ever said of keys, by changes that count.
SELECT
    [account_id, key_id] AS id,
    toUnixTimestamp64Milli(valid_from) AS valid_from_ms,
    precision_ms,
    toUnixTimestamp64Milli(recorded_at) AS recorded_at_ms,
    retracts,
    origin,
    state,
    owner,
    app,
    purpose,
    toUnixTimestamp64Milli(created_at) AS created_at_ms,
    created_by,
    fingerprint,
    allow_list_state,
    allow_list
FROM registry_keys
WHERE recorded_at IN (SELECT recorded_at FROM registry_imports WHERE state = 'committed')
