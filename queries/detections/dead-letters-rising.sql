/*
title: Records that cannot become events
question: Of which streams have far more records than usual become dead letters?
description: >
  A format that changed, a producer that writes something else, or records that somebody forged.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [stream]
  anchor: day
  window: window_minutes
  history: history_days
  trigger: time
  interval_seconds: 60
  runbook:
    - See the reasons with dead-letter-summary, and single letters with keytrail dead-letters show.
    - Correct the source or the producer, and replay them with keytrail dead-letters replay.
  references: []
  summary: >
    {letters} of {received:record} of {stream} became dead letters within {window_minutes:minute}[; usual are
    {usual_percent} %].
params:
  letters_min:
    type: UInt64
    default: 10
    description: dead letters within the window
    reason: single bad records are no change of a format
  share_min:
    type: Float64
    default: 0.01
    description: share of all records of the window
    reason: one in a hundred
  factor_min:
    type: Float64
    default: 3
    description: how often as large as the usual share
    reason: a stream with steady dead letters is known to have them
  window_minutes:
    type: UInt32
    default: 60
    description: length of the window
    reason: enough records for a share even of a slow stream
  history_days:
    type: UInt16
    default: 7
    description: days before that tell what is usual
    reason: a whole week
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  stream: where the records are read
  letters: {unit: records, description: dead letters within the window}
  received: {unit: records, description: records within the window}
  usual_percent: {unit: percent, description: dead letters of a hundred records in the days before}
  window_minutes: {unit: minutes, description: length of the window}
  anchor_at: what tells one finding of the entity from the next
  first_seen: when it began
  last_seen: when it was last so
  stored_until: when that was recorded
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection, keytrail]
*/
WITH
    {now:DateTime64(3, 'UTC')} - toIntervalMinute({window_minutes:UInt32}) AS begins,
    blocks AS (
        SELECT DISTINCT block_id, stream, received, dead_letters, ledger.recorded_at AS at
        FROM ledger
        WHERE kind = 'block' AND ledger.recorded_at >= begins - toIntervalDay({history_days:UInt16})
            AND ledger.recorded_at <= {now:DateTime64(3, 'UTC')}
    )
SELECT
    stream,
    sumIf(dead_letters, at > begins) AS letters,
    sumIf(blocks.received, at > begins) AS received,
    if(countIf(at <= begins) = 0, NULL, 100 * sumIf(dead_letters, at <= begins) / sumIf(blocks.received, at <= begins))
        AS usual_percent,
    {window_minutes:UInt32} AS window_minutes,
    maxIf(at, dead_letters > 0) AS anchor_at,
    minIf(at, at > begins AND dead_letters > 0) AS first_seen,
    anchor_at AS last_seen,
    anchor_at AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM blocks
GROUP BY stream
HAVING letters >= {letters_min:UInt64} AND letters >= {share_min:Float64} * received
    AND letters * 100 >= {factor_min:Float64} * ifNull(usual_percent, 0) * received
ORDER BY stream
