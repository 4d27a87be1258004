-- Reports that are to be sent. The last row of a message is the one with the greatest attempt, and never a time: a
-- clock that was set back must not make anything be sent again.
SELECT
    planned.message AS message,
    planned.document_id AS document_id,
    planned.channel AS channel,
    told.said.2 AS attempt,
    planned.first_ms AS first_ms
FROM
(
    SELECT
        document_id,
        message,
        toString(channel) AS channel,
        toFloat64(toUnixTimestamp64Milli(stored_at)) AS first_ms
    FROM report_documents FINAL
    ARRAY JOIN messages AS message, channels AS channel
) AS planned
LEFT JOIN
(
    SELECT message, argMax((toString(result), attempt), (attempt, result)) AS said
    FROM report_deliveries
    GROUP BY message
) AS told ON told.message = planned.message
WHERE told.said.1 IN ('', 'failed', 'again')
ORDER BY first_ms, message
