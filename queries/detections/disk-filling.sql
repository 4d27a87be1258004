/*
title: Disk is filling
question: How much room is left where the store lies?
description: >
  A store that cannot write stops taking records in, and one that cannot merge gets slower before that.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [disk]
  anchor: day
  trigger: time
  interval_seconds: 300
  runbook:
    - Drop what need not be kept with keytrail retention, or give the disk more room.
    - Intake stops by itself at disk.free_bytes_min; what was not acknowledged is read again.
  references: []
  summary: >
    {free_percent} % of the {disk}'s disk are free ({free_bytes} bytes).
params:
  free_share_min:
    type: Float64
    default: 0.1
    description: share of the disk that is free
    reason: merges need room beside what they merge
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  disk: which one
  free_bytes: {unit: bytes, description: room that is left}
  free_percent: {unit: percent, description: the same of a hundred bytes}
  anchor_at: what tells one finding of the entity from the next
  first_seen: when it began
  last_seen: when it was last so
  stored_until: when that was recorded
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection, keytrail]
*/
WITH filesystemCapacity() AS capacity, filesystemAvailable() AS available
SELECT
    'store' AS disk,
    available AS free_bytes,
    round(100 * available / capacity, 1) AS free_percent,
    {now:DateTime64(3, 'UTC')} AS anchor_at,
    anchor_at AS first_seen,
    anchor_at AS last_seen,
    anchor_at AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
WHERE available < {free_share_min:Float64} * capacity
