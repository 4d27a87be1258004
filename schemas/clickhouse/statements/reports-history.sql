-- Documents with what became of sending them, the latest first.
SELECT
    left(document_id, 12) AS id,
    toString(kind) AS kind,
    period,
    account_id AS account,
    owner,
    toString(schedule) AS schedule,
    stored_at,
    sections_failed,
    channel,
    multiIf(channel = '', 'kept', told.said.1 = '', 'planned', told.said.1) AS result,
    told.said.2 AS attempts,
    told.told_at AS told_at,
    told.detail AS detail
FROM
(
    SELECT *, toString(one.1) AS message, toString(one.2) AS channel
    FROM (SELECT * EXCEPT document FROM report_documents FINAL)
    LEFT ARRAY JOIN arrayZip(messages, channels) AS one
) AS planned
LEFT JOIN
(
    SELECT
        message,
        argMax((toString(result), attempt), (attempt, result)) AS said,
        argMax(detail, (attempt, result)) AS detail,
        toNullable(max(at)) AS told_at
    FROM report_deliveries
    GROUP BY message
) AS told ON told.message = planned.message
WHERE ({kind:String} = '' OR kind = {kind:String})
    AND (NOT {undelivered:Bool} OR (channel != '' AND told.said.1 != 'delivered'))
ORDER BY stored_at DESC, id, channel
LIMIT {rows_max:UInt32}
