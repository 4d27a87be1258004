-- One dead letter, or all of one content, whole: with its text and everything that was done about it.
WITH
    history AS
    (
        SELECT
            content_hash, reason, source, account_id,
            toString(argMax(action, (at, action, run_id))) AS last_action,
            arraySort(entry -> (entry.at, entry.action), groupArray(
                CAST(
                    (at, toString(action), run_id, event_source, event_account_id, event_id, detail),
                    'Tuple(at DateTime64(3, \'UTC\'), action String, run_id UUID, event_source String, event_account_id String, event_id String, detail String)'
                )
            )) AS log
        FROM dead_letter_log
        WHERE content_hash IN (SELECT toFixedString(unhex(arrayJoin({hashes:Array(String)})), 16))
        GROUP BY content_hash, reason, source, account_id
    )
SELECT
    lower(hex(letter.content_hash)) AS content_hash,
    letter.reason AS reason,
    if(history.last_action = 'replayed', 'replayed', 'open') AS state,
    letter.replayable AS replayable,
    letter.source AS source,
    letter.account_id AS account_id,
    letter.path AS path,
    letter.got AS got,
    letter.stream AS stream,
    letter.stream_partition AS stream_partition,
    letter.stream_offset AS stream_offset,
    letter.record_index AS record_index,
    letter.block_id AS block_id,
    letter.ingested_at AS ingested_at,
    letter.scrubber_version AS scrubber_version,
    letter.fingerprint_key_id AS fingerprint_key_id,
    letter.text_bytes AS text_bytes,
    if(letter.text_digest = toFixedString('', 32), '', lower(hex(letter.text_digest))) AS text_sha256,
    if(isValidUTF8(letter.text), 'utf8', 'base64') AS text_encoding,
    if(isValidUTF8(letter.text), letter.text, base64Encode(letter.text)) AS text,
    history.log AS log
FROM
(
    SELECT *
    FROM dead_letters FINAL
    WHERE content_hash IN (SELECT toFixedString(unhex(arrayJoin({hashes:Array(String)})), 16))
        AND (empty({reasons:Array(String)}) OR reason IN {reasons:Array(String)})
) AS letter
LEFT JOIN history
    ON letter.content_hash = history.content_hash AND letter.reason = history.reason
    AND letter.source = history.source AND letter.account_id = history.account_id
ORDER BY content_hash, reason, source, account_id
