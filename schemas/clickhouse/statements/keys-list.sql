-- The keys as they are known to be at one instant; an empty parameter asks for any.
SELECT
    account_id,
    key_id,
    ifNull(toString(state), 'unknown') AS state,
    ifNull(owner, '') AS owner,
    ifNull(app, '') AS app,
    created_at,
    ifNull(toString(allow_list_state), 'unknown') AS allow_list_state,
    allow_list,
    valid_from,
    valid_to
FROM registry_key_versions
WHERE valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {at:DateTime64(3, 'UTC')})
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({owner:String} = '' OR owner = {owner:String})
    AND ({app:String} = '' OR app = {app:String})
    AND (empty({states:Array(String)}) OR has({states:Array(String)}, state))
ORDER BY account_id, key_id
