-- Keys as they are known to be at one instant that hold all of some words, with how many there are; of many the first.
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
    toUInt32(count() OVER ()) AS found
FROM registry_key_versions
WHERE valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {at:DateTime64(3, 'UTC')})
    AND ({which:String} = '' OR ({which:String} = 'active') = (ifNull(toString(state), 'unknown') = 'active'))
    AND (NOT has({lacks:Array(String)}, 'owner') OR ifNull(owner, '') = '')
    AND (NOT has({lacks:Array(String)}, 'app') OR ifNull(app, '') = '')
    AND (NOT has({lacks:Array(String)}, 'list') OR ifNull(toString(allow_list_state), 'unknown') = 'none')
    AND arrayAll(
        word -> positionCaseInsensitiveUTF8(
            concat(account_id, ' ', key_id, ' ', ifNull(owner, ''), ' ', ifNull(app, '')), word
        ) > 0,
        {words:Array(String)}
    )
ORDER BY account_id, key_id
LIMIT {limit:UInt32}
