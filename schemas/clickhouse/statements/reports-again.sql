-- Messages of one document, or of all: those that were given up, or all of them whatever became of them.
SELECT
    planned.message AS message,
    planned.document_id AS document_id,
    planned.channel AS channel,
    told.said.2 AS attempt
FROM
(
    SELECT document_id, message, toString(channel) AS channel
    FROM report_documents FINAL
    ARRAY JOIN messages AS message, channels AS channel
    WHERE {document:String} = '' OR document_id = {document:String}
) AS planned
LEFT JOIN
(
    SELECT message, argMax((toString(result), attempt), (attempt, result)) AS said
    FROM report_deliveries
    GROUP BY message
) AS told ON told.message = planned.message
WHERE NOT {only_given_up:Bool} OR told.said.1 = 'given-up'
ORDER BY message
