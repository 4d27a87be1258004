-- What is known of one user over time, in every account that has or had them.
SELECT
    account_id, email, valid_from, valid_to,
    ifNull(name, '') AS name,
    ifNull(role, '') AS role,
    active, has_api_key, mfa, recorded_at, origin
FROM registry_user_versions
WHERE email = {email:String} AND ({account_id:String} = '' OR account_id = {account_id:String})
ORDER BY account_id, valid_from
