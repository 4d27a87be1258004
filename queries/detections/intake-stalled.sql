/*
title: Intake stands still
question: Which streams have records that are waiting while nothing is stored?
description: >
  The end of a stream was seen behind the last position that was stored, and nothing has been stored of it since. The
  program that reads it has stopped, cannot store, or has lost its place in the group.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [stream, stream_partition]
  anchor: hour
  trigger: time
  interval_seconds: 60
  runbook:
    - Look whether keytrail consume still runs, and at what it logs.
    - See with ingest-status how much is waiting; nothing is lost as long as the stream keeps it.
  references: []
  summary: >
    {waiting:record} of {stream}/{stream_partition} have been waiting since {last_seen}, and nothing is stored.
params:
  stalled_minutes:
    type: UInt32
    default: 10
    description: minutes without a block that was stored
    reason: a block is closed after a second, and a store that restarts is back within a minute
  look_back_hours:
    type: UInt32
    default: 168
    description: hours in which something of the stream was stored
    reason: a stream that nobody has read for a week was given up
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  stream: where the records are read
  stream_partition: partition of the stream
  waiting: {unit: records, description: positions between the last block and the end of the stream as last seen}
  anchor_at: what tells one finding of the entity from the next
  first_seen: when it began
  last_seen: when it was last so
  stored_until: when that was recorded
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection, keytrail]
*/
WITH latest AS (
    SELECT
        stream, stream_partition,
        max(ledger.recorded_at) AS stored_at,
        argMax(
            greatest(0, toInt64(stream_end) - toInt64(position_to)), (ledger.recorded_at, chain_index, position_to)
        ) AS waiting
    FROM ledger
    WHERE ledger.recorded_at >= {now:DateTime64(3, 'UTC')} - toIntervalHour({look_back_hours:UInt32})
        AND ledger.recorded_at <= {now:DateTime64(3, 'UTC')}
    GROUP BY stream, stream_partition
)
SELECT
    stream,
    toString(stream_partition) AS stream_partition,
    waiting,
    stored_at AS anchor_at,
    stored_at AS first_seen,
    stored_at AS last_seen,
    stored_at AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM latest
WHERE waiting > 0 AND stored_at <= {now:DateTime64(3, 'UTC')} - toIntervalMinute({stalled_minutes:UInt32})
ORDER BY stream, latest.stream_partition
