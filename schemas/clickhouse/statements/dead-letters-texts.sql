-- The texts of the letters of one page, in the order of their key: everything from behind the page before to its last letter.
SELECT
    lower(hex(letter.content_hash)) AS content_hash,
    toString(letter.reason) AS reason,
    toString(letter.source) AS source,
    toString(letter.account_id) AS account_id,
    base64Encode(letter.text) AS text
FROM dead_letters AS letter FINAL
WHERE (letter.content_hash, letter.reason, letter.source, letter.account_id)
        > (toFixedString(unhex({after_hash:String}), 16), {after_reason:String}, {after_source:String}, {after_account:String})
    AND (letter.content_hash, letter.reason, letter.source, letter.account_id)
        <= (toFixedString(unhex({last_hash:String}), 16), {last_reason:String}, {last_source:String}, {last_account:String})
    AND lower(hex(letter.content_hash)) IN {hashes:Array(String)}
ORDER BY letter.content_hash, letter.reason, letter.source, letter.account_id
