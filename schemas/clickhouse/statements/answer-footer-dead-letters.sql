-- Open letters that first arrived in a range, as the question dead-letter-summary counts them.
--
-- Why the anti join: a letter is closed when the last thing that was done about it was to replay it.
WITH replayed AS (
    SELECT content_hash, reason, source, account_id
    FROM dead_letter_log
    GROUP BY content_hash, reason, source, account_id
    HAVING argMax(action, (at, action, run_id)) = 'replayed'
)
SELECT count() AS found
FROM
(
    SELECT content_hash, reason, source, account_id
    FROM dead_letters FINAL
    WHERE ingested_at >= {from:DateTime64(3, 'UTC')} AND ingested_at < {to:DateTime64(3, 'UTC')}
) AS letter
LEFT ANTI JOIN replayed
    ON letter.content_hash = replayed.content_hash AND letter.reason = replayed.reason
    AND letter.source = replayed.source AND letter.account_id = replayed.account_id
