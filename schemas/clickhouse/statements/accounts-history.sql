-- What is known of one account over time.
SELECT
    account_id, valid_from, valid_to,
    ifNull(name, '') AS name,
    ifNull(toString(account_key_state), 'unknown') AS account_key,
    api_enabled_since, recorded_at, origin
FROM registry_account_versions
WHERE account_id = {account_id:String}
ORDER BY valid_from
