-- The accounts as they are known to be at one instant, with how many keys of them are known.
SELECT
    account_id,
    ifNull(account.name, '') AS name,
    ifNull(toString(account.account_key_state), 'unknown') AS account_key,
    account.api_enabled_since AS api_enabled_since,
    account.valid_from AS valid_from,
    account.recorded_at AS recorded_at,
    account.origin AS origin,
    ifNull(key_counts.active_keys, 0) AS active_keys
FROM
(
    SELECT account_id, name, account_key_state, api_enabled_since, valid_from, recorded_at, origin
    FROM registry_account_versions
    WHERE valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {at:DateTime64(3, 'UTC')})
) AS account
LEFT JOIN
(
    SELECT account_id, countIf(state = 'active') AS active_keys
    FROM registry_key_versions
    WHERE valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {at:DateTime64(3, 'UTC')})
    GROUP BY account_id
) AS key_counts USING (account_id)
ORDER BY account_id
