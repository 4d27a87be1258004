/*
title: Alerts are not delivered
question: Which channels have not taken alerts for a while?
description: >
  What waits is tried again by itself; what was given up waits for a person. Other channels are told of it at once.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [channel]
  anchor: day
  trigger: time
  interval_seconds: 60
  runbook:
    - See with keytrail alerts list --undelivered what the receiver said.
    - Try it with keytrail alerts test, correct it, and send again with keytrail alerts retry --all.
  references: []
  summary: >
    {messages:message} for the channel {channel} were not delivered[ ({said})].
params:
  waiting_minutes:
    type: UInt32
    default: 15
    description: minutes for which a message waits
    reason: a receiver that restarts is back within them
  look_back_hours:
    type: UInt32
    default: 168
    description: hours since the message was decided on
    reason: who has not looked for a week was told
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  channel: name of the channel
  messages: {unit: messages, description: how many were not delivered}
  given_up: {unit: messages, description: those of them that are not tried again}
  said: what came back last
  anchor_at: what tells one finding of the entity from the next
  first_seen: when it began
  last_seen: when it was last so
  stored_until: when that was recorded
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection, keytrail]
*/
WITH messages AS (
    SELECT
        message,
        toString(any(deliveries.channel)) AS receiver,
        min(deliveries.at) AS decided_at,
        max(deliveries.at) AS tried_at,
        toString(argMax(result, (attempt, result))) AS last_result,
        argMax(deliveries.detail, (attempt, result)) AS last_detail
    FROM deliveries
    WHERE message != '' AND deliveries.at <= {now:DateTime64(3, 'UTC')}
        AND deliveries.at >= {now:DateTime64(3, 'UTC')} - toIntervalHour({look_back_hours:UInt32})
    GROUP BY message
)
SELECT
    receiver AS channel,
    count() AS messages,
    countIf(last_result = 'given-up') AS given_up,
    argMax(if(last_result = 'planned', '', last_detail), tried_at) AS said,
    max(tried_at) AS anchor_at,
    min(decided_at) AS first_seen,
    max(tried_at) AS last_seen,
    max(tried_at) AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM messages
WHERE last_result = 'given-up'
    OR (last_result IN ('planned', 'failed', 'again')
        AND decided_at <= {now:DateTime64(3, 'UTC')} - toIntervalMinute({waiting_minutes:UInt32}))
GROUP BY channel
ORDER BY channel
