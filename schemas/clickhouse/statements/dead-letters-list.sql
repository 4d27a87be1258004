-- Dead letters as people list them, latest arrival first, with the state that the log gives them.
WITH
    -- As text: a letter that the log does not know gets the empty text, and would get the first value of an enumeration.
    latest AS
    (
        SELECT
            content_hash, reason, source, account_id,
            toString(argMax(action, (at, action, run_id))) AS last_action,
            argMax(detail, (at, action, run_id)) AS last_detail,
            max(at) AS last_at
        FROM dead_letter_log
        GROUP BY content_hash, reason, source, account_id
    )
SELECT
    lower(hex(letter.content_hash)) AS content_hash,
    letter.reason AS reason,
    if(latest.last_action = 'replayed', 'replayed', 'open') AS state,
    letter.replayable AS replayable,
    letter.source AS source,
    letter.account_id AS account_id,
    letter.path AS path,
    letter.got AS got,
    letter.stream AS stream,
    letter.stream_partition AS stream_partition,
    letter.stream_offset AS stream_offset,
    letter.record_index AS record_index,
    letter.text_bytes AS text_bytes,
    letter.ingested_at AS ingested_at,
    latest.last_action AS last_action,
    latest.last_detail AS last_detail,
    if(latest.last_action = '', NULL, latest.last_at) AS last_action_at
FROM
(
    SELECT
        content_hash, reason, source, account_id, replayable, path, got,
        stream, stream_partition, stream_offset, record_index, text_bytes, ingested_at
    FROM dead_letters FINAL
    WHERE ingested_at >= {from:DateTime64(3, 'UTC')} AND ingested_at < {to:DateTime64(3, 'UTC')}
        AND (empty({reasons:Array(String)}) OR reason IN {reasons:Array(String)})
        AND (empty({sources:Array(String)}) OR source IN {sources:Array(String)})
) AS letter
LEFT JOIN latest
    ON letter.content_hash = latest.content_hash AND letter.reason = latest.reason
    AND letter.source = latest.source AND letter.account_id = latest.account_id
WHERE {state:String} = '' OR state = {state:String}
ORDER BY ingested_at DESC, content_hash, reason, source, account_id
LIMIT {limit:UInt32}
