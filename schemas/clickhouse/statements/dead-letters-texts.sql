-- The texts of the letters of one page, in the order of their key: everything from behind the page before to its last letter.
SELECT
    lower(hex(content_hash)) AS content_hash,
    toString(reason) AS reason,
    toString(source) AS source,
    toString(account_id) AS account_id,
    base64Encode(text) AS text
FROM dead_letters FINAL
WHERE (content_hash, reason, source, account_id)
        > (toFixedString(unhex({after_hash:String}), 16), {after_reason:String}, {after_source:String}, {after_account:String})
    AND (content_hash, reason, source, account_id)
        <= (toFixedString(unhex({last_hash:String}), 16), {last_reason:String}, {last_source:String}, {last_account:String})
    AND lower(hex(content_hash)) IN {hashes:Array(String)}
ORDER BY content_hash, reason, source, account_id
