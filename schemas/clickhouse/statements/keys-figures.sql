-- How many keys are known at one instant, and what is not known of those that count.
SELECT
    toUInt32(count()) AS keys,
    toUInt32(countIf(is_active)) AS active,
    toUInt32(countIf(is_active AND ifNull(owner, '') = '')) AS without_owner,
    toUInt32(countIf(is_active AND ifNull(app, '') = '')) AS without_app,
    toUInt32(countIf(is_active AND ifNull(toString(allow_list_state), 'unknown') = 'none')) AS without_list
FROM
(
    SELECT owner, app, allow_list_state, ifNull(toString(state), 'unknown') = 'active' AS is_active
    FROM registry_key_versions
    WHERE valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {at:DateTime64(3, 'UTC')})
)
