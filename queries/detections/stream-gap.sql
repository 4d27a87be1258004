/*
title: Gap in a stream
question: Where were records lost before they could be read?
description: >
  The stream had already dropped positions that nobody had read, so their records can be nowhere in the store. It is
  the one loss that keytrail cannot make good; the ledger holds it as a row of its own.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [stream, stream_partition, position_from]
  anchor: once
  trigger: time
  interval_seconds: 60
  runbook:
    - Find out why nobody read them in time with ingest-status, and lengthen the retention of the topic.
    - If their origin still has the records, bring them in with keytrail ingest.
  references: [T1562.008]
  summary: >
    {lost:record} of {stream}/{stream_partition} from position {position_from} on were lost before they could be
    read.
params:
  look_back_hours:
    type: UInt32
    default: 168
    description: hours since the gap was recorded
    reason: a keytrail that was away for a week tells of it
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  stream: where the records were read
  stream_partition: partition of the stream
  position_from: the first position that is missing
  lost: {unit: records, description: positions that are missing}
  first_seen: when it began
  last_seen: when it was last so
  stored_until: when that was recorded
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection, keytrail]
*/
SELECT
    stream,
    toString(ledger.stream_partition) AS stream_partition,
    toString(ledger.position_from) AS position_from,
    max(position_to - ledger.position_from) AS lost,
    min(recorded_at) AS first_seen,
    first_seen AS last_seen,
    first_seen AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM ledger
WHERE kind = 'gap' AND recorded_at >= {now:DateTime64(3, 'UTC')} - toIntervalHour({look_back_hours:UInt32})
    AND recorded_at <= {now:DateTime64(3, 'UTC')}
GROUP BY stream, ledger.stream_partition, ledger.position_from
ORDER BY first_seen DESC, stream, ledger.stream_partition, ledger.position_from
