/*
title: Intake falls behind
question: Of which streams does more come in than is stored?
description: >
  What waits between the last position that was stored and the end of the stream is more than it was a while ago, and
  much. Alerts come late by as much as is waiting.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [stream, stream_partition]
  anchor: day
  window: window_minutes
  trigger: time
  interval_seconds: 60
  runbook:
    - Look at the load of the machine and of the store; start a second keytrail consume where there are more partitions.
    - See with activity-over-time whether something floods the stream.
  references: []
  summary: >
    {waiting:record} of {stream}/{stream_partition} are waiting; {window_minutes:minute} before it were {waited}.
params:
  waiting_min:
    type: UInt64
    default: 100000
    description: records that wait
    reason: a few seconds of what one consumer stores
  window_minutes:
    type: UInt32
    default: 15
    description: minutes over which the wait has grown
    reason: a short wave is worked off within them
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  stream: where the records are read
  stream_partition: partition of the stream
  waiting: {unit: records, description: positions between the last block and the end of the stream as last seen}
  waited: {unit: records, description: the same at the beginning of the window}
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
    waits AS (
        SELECT
            stream, stream_partition, ledger.recorded_at AS at, (ledger.recorded_at, chain_index, position_to) AS place,
            greatest(0, toInt64(stream_end) - toInt64(position_to)) AS behind
        FROM ledger
        WHERE ledger.recorded_at >= begins - toIntervalMinute({window_minutes:UInt32})
            AND ledger.recorded_at <= {now:DateTime64(3, 'UTC')}
    )
SELECT
    stream,
    toString(waits.stream_partition) AS stream_partition,
    argMaxIf(behind, place, at > begins) AS waiting,
    argMaxIf(behind, place, at <= begins) AS waited,
    {window_minutes:UInt32} AS window_minutes,
    max(at) AS anchor_at,
    minIf(at, at > begins) AS first_seen,
    max(at) AS last_seen,
    max(at) AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM waits
GROUP BY stream, waits.stream_partition
HAVING countIf(at > begins) > 0 AND waiting >= {waiting_min:UInt64} AND waiting > waited
ORDER BY stream, waits.stream_partition
