/*
title: Steady stream fell silent
question: Which streams of records that bring something in nearly every hour have stopped?
description: >
  A stream (a topic, a collected log) that brought records in nearly every hour of days, and brings none any more, while
  another one goes on. Where nothing comes at all, it is keytrail that has stopped, or is cut off.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [stream]
  anchor: day
  trigger: time
  history: history_days
  interval_seconds: 300
  runbook:
    - Look at the stream with ingest-status, and whether the program that reads it still runs.
    - If it does, ask who writes the stream - somebody may have switched the audit log off.
  references: [T1562.008]
  summary: >
    Stream {stream}, which brought records in {hours_active} of {hours_seen:hour}, has been silent since {silent_since}.
params:
  silent_hours:
    type: UInt32
    default: 3
    description: whole hours without a record
    reason: shorter pauses are deployments
  steady_share:
    type: Float64
    default: 0.95
    description: share of hours with a record that is steady
    reason: one missed hour a day is not steady
  history_days:
    type: UInt16
    default: 7
    description: days that tell the rhythm
    reason: a whole week, with its weekend
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  stream: where the records are read from
  hours_active: {unit: hours, description: hours in which records came}
  hours_seen: {unit: hours, description: hours that were looked at}
  silent_since: when the last of them came
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection]
*/
WITH
    toStartOfHour({now:DateTime64(3, 'UTC')}) AS this_hour,
    this_hour - toIntervalHour({silent_hours:UInt32}) AS silence,
    silence - toIntervalDay({history_days:UInt16}) AS begins
SELECT
    stream,
    uniqExact(toStartOfHour(recorded_at)) AS hours_active,
    toUInt32({history_days:UInt16}) * 24 AS hours_seen,
    max(recorded_at) AS silent_since,
    silent_since AS anchor_at,
    silent_since AS first_seen,
    silent_since AS last_seen,
    silent_since AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM ledger
WHERE received > 0 AND recorded_at >= begins AND recorded_at <= {now:DateTime64(3, 'UTC')}
    AND (
        SELECT count() > 0
        FROM ledger
        WHERE received > 0 AND recorded_at >= silence AND recorded_at <= {now:DateTime64(3, 'UTC')}
    )
GROUP BY stream
HAVING silent_since < silence AND hours_active >= hours_seen * {steady_share:Float64}
ORDER BY silent_since DESC, stream
