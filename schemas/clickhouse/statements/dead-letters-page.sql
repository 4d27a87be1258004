-- The next open letters in the order of their key, without their texts: a replay takes as many as fit its memory.
WITH latest AS
(
    SELECT
        content_hash, reason, source, account_id,
        toString(argMax(action, (at, action, run_id))) AS last_action
    FROM dead_letter_log
    GROUP BY content_hash, reason, source, account_id
)
SELECT
    lower(hex(letter.content_hash)) AS content_hash,
    toString(letter.reason) AS reason,
    toString(letter.source) AS source,
    toString(letter.account_id) AS account_id,
    toString(letter.stream) AS stream,
    letter.stream_partition AS stream_partition,
    toFloat64(letter.stream_offset) AS stream_offset,
    letter.record_index AS record_index,
    toFloat64(letter.text_bytes) AS text_bytes,
    letter.replayable AS replayable
FROM
(
    SELECT
        content_hash, reason, source, account_id,
        stream, stream_partition, stream_offset, record_index, text_bytes, replayable
    FROM dead_letters FINAL
    WHERE (content_hash, reason, source, account_id)
            > (toFixedString(unhex({after_hash:String}), 16), {after_reason:String}, {after_source:String}, {after_account:String})
        AND (empty({reasons:Array(String)}) OR reason IN {reasons:Array(String)})
        AND (empty({sources:Array(String)}) OR source IN {sources:Array(String)})
        AND (empty({letters:Array(String)})
            OR lower(hex(content_hash)) IN {letters:Array(String)}
            OR concat(lower(hex(content_hash)), ':', reason) IN {letters:Array(String)})
) AS letter
LEFT JOIN latest
    ON letter.content_hash = latest.content_hash AND letter.reason = latest.reason
    AND letter.source = latest.source AND letter.account_id = latest.account_id
WHERE latest.last_action != 'replayed'
ORDER BY letter.content_hash, letter.reason, letter.source, letter.account_id
LIMIT {limit:UInt32}
