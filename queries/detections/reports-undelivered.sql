/*
title: Reports are not delivered
question: Which scheduled reports were not made, or did not reach whom they are for?
description: >
  What waits is tried again by itself; what was given up waits for a person. A report that a receiver refused for one
  reader was delivered to the others.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [schedule, channel]
  anchor: day
  trigger: time
  interval_seconds: 60
  runbook:
    - See with keytrail report history --undelivered what was said.
    - Correct the channel, the recipients or the kind of report, and try a channel with keytrail alerts test.
    - Send again with keytrail report resend, and make what was given up with keytrail report run.
  references: []
  summary: >
    {reports:report} of the schedule {schedule} did not arrive[, for the channel {channel}][ ({said})].
params:
  waiting_minutes:
    type: UInt32
    default: 60
    description: minutes for which a report waits
    reason: nobody misses a report for an hour, and a server of mails that restarts is back within it
  look_back_hours:
    type: UInt32
    default: 168
    description: hours since the report was made, or given up
    reason: who has not looked for a week was told
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  schedule: name of the schedule
  channel: name of the channel; empty for reports that were not made
  reports: {unit: reports, description: how many did not arrive}
  given_up: {unit: reports, description: those of them that are not tried again}
  said: what came back last
  anchor_at: what tells one finding of the entity from the next
  first_seen: when it began
  last_seen: when it was last so
  stored_until: when that was recorded
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection, keytrail]
*/
WITH
    {now:DateTime64(3, 'UTC')} AS moment,
    moment - toIntervalHour({look_back_hours:UInt32}) AS reads_from,
    planned AS (
        SELECT
            toString(report_documents.schedule) AS of, toString(one_channel) AS receiver, one_message AS message,
            stored_at
        FROM report_documents FINAL
        ARRAY JOIN messages AS one_message, channels AS one_channel
        WHERE stored_at <= moment AND stored_at >= reads_from
    ),
    told AS (
        SELECT
            message,
            toString(argMax(result, (attempt, result))) AS last_result,
            argMax(report_deliveries.detail, (attempt, result)) AS last_detail,
            max(report_deliveries.at) AS told_at
        FROM report_deliveries
        WHERE report_deliveries.at <= moment
        GROUP BY message
    ),
    unmade AS (
        SELECT
            toString(report_runs.schedule) AS of,
            toString(argMax(result, (attempt, result))) AS last_result,
            argMax(report_runs.detail, (attempt, result)) AS last_detail,
            min(report_runs.at) AS begun_at,
            max(report_runs.at) AS told_at
        FROM report_runs
        WHERE result != 'known' AND report_runs.at <= moment AND report_runs.at >= reads_from
        GROUP BY of, report_runs.period
    ),
    lost AS (
        SELECT
            planned.of AS of,
            planned.receiver AS receiver,
            told.last_result AS last_result,
            told.last_detail AS last_detail,
            planned.stored_at AS begun_at,
            greatest(planned.stored_at, told.told_at) AS told_at
        FROM planned
        LEFT JOIN told ON told.message = planned.message
        WHERE last_result = 'given-up'
            OR (last_result != 'delivered' AND begun_at <= moment - toIntervalMinute({waiting_minutes:UInt32}))
        UNION ALL
        SELECT of, '' AS receiver, last_result, last_detail, begun_at, told_at
        FROM unmade
        WHERE last_result = 'given-up'
    )
SELECT
    of AS schedule,
    receiver AS channel,
    count() AS reports,
    countIf(last_result = 'given-up') AS given_up,
    argMax(last_detail, told_at) AS said,
    max(told_at) AS anchor_at,
    min(begun_at) AS first_seen,
    max(told_at) AS last_seen,
    max(told_at) AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM lost
GROUP BY schedule, channel
ORDER BY schedule, channel
