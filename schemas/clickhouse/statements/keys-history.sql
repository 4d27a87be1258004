-- What is known of one name over time, in every account that has or had it.
SELECT
    account_id,
    key_id,
    incarnation + 1 AS key_number,
    valid_from,
    valid_to,
    ifNull(toString(state), 'unknown') AS state,
    ifNull(owner, '') AS owner,
    ifNull(app, '') AS app,
    ifNull(purpose, '') AS purpose,
    created_at,
    ifNull(created_by, '') AS created_by,
    ifNull(toString(allow_list_state), 'unknown') AS allow_list_state,
    allow_list,
    ifNull(fingerprint, '') AS fingerprint,
    precision_ms,
    recorded_at,
    origin
FROM registry_key_versions
WHERE key_id = {key_id:String} AND ({account_id:String} = '' OR account_id = {account_id:String})
ORDER BY account_id, valid_from
