-- What became of sending documents, the latest first.
SELECT
    planned.document_id AS document,
    planned.kind AS kind,
    planned.period AS period,
    planned.account_id AS account,
    planned.owner AS owner,
    planned.schedule AS schedule,
    planned.channel AS channel,
    if(told.said.1 = '', 'planned', told.said.1) AS result,
    told.said.2 AS attempts,
    greatest(planned.stored_at, told.told_at) AS at,
    told.detail AS detail
FROM
(
    SELECT
        document_id, toString(kind) AS kind, period, account_id, owner, toString(schedule) AS schedule, stored_at,
        message, toString(channel) AS channel
    FROM report_documents FINAL
    ARRAY JOIN messages AS message, channels AS channel
    WHERE {document:String} = '' OR document_id = {document:String}
) AS planned
LEFT JOIN
(
    SELECT
        message,
        argMax((toString(result), attempt), (attempt, result)) AS said,
        argMax(detail, (attempt, result)) AS detail,
        max(at) AS told_at
    FROM report_deliveries
    GROUP BY message
) AS told ON told.message = planned.message
WHERE NOT {undelivered:Bool} OR result != 'delivered'
ORDER BY at DESC, document, channel
LIMIT {limit:UInt32}
