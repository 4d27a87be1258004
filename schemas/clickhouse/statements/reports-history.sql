-- What became of sending documents, and runs of which there is none: the latest first.
SELECT id, kind, period, account, owner, schedule, channel, result, attempts, at, detail
FROM
(
    SELECT
        left(planned.document_id, 12) AS id,
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
    UNION ALL
    SELECT
        '' AS id, '' AS kind, period, '' AS account, '' AS owner, toString(schedule) AS schedule, '' AS channel,
        if(argMax(result, (attempt, report_runs.result)) = 'failed', 'not made yet', 'not made') AS result,
        max(attempt) AS attempts, max(report_runs.at) AS at, argMax(detail, (attempt, report_runs.result)) AS detail
    FROM report_runs
    GROUP BY schedule, period
    HAVING argMax(report_runs.result, (attempt, report_runs.result)) IN ('failed', 'given-up')
)
WHERE NOT {undelivered:Bool} OR result != 'delivered'
ORDER BY at DESC, id, channel, schedule
LIMIT {rows_max:UInt32}
