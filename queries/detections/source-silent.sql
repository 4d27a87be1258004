/*
title: Steady source fell silent
question: Which keys that are used in nearly every hour have stopped?
description: >
  A key whose rhythm was steady over days, as that of a job, and of which nothing has come for hours, while other
  keys of its account went on. It may have been revoked, its job may have died, or its records do not come in any
  more.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [account_id, key_id]
  anchor: day
  trigger: time
  history: history_days
  interval_seconds: 300
  runbook:
    - Ask the owner of the key whether the job still runs.
    - If it does, its records are lost on the way - look at the streams with ingest-status.
  references: [T1562.008]
  summary: >
    Key {key_id} of account {account_id}, used in {hours_active} of {hours_seen} hours, has been silent since
    {last_seen}.
params:
  silent_hours:
    type: UInt32
    default: 3
    description: whole hours without a request
    reason: shorter pauses are deployments
  steady_share:
    type: Float64
    default: 0.95
    description: share of hours with a request that is steady
    reason: one missed hour a day is not steady
  history_days:
    type: UInt16
    default: 7
    description: days that tell the rhythm
    reason: a whole week, with its weekend
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  hours_active: {unit: hours, description: hours with a request}
  hours_seen: {unit: hours, description: hours that were looked at}
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
    this_hour - toIntervalDay({history_days:UInt16}) - toIntervalHour({silent_hours:UInt32}) AS begins
SELECT
    account_id,
    key_id,
    uniqExactIf(hour, hour < this_hour - toIntervalHour({silent_hours:UInt32})) AS hours_active,
    toUInt32({history_days:UInt16}) * 24 AS hours_seen,
    max(hour) + toIntervalHour(1) AS anchor_at,
    toDateTime64(max(hour), 3, 'UTC') AS first_seen,
    first_seen AS last_seen,
    max(counted_at) AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM key_hours FINAL
WHERE hour >= begins AND hour <= this_hour
    -- An account of which nothing comes is silent as a whole: that is for the watch over intake.
    AND account_id IN (
        SELECT account_id FROM key_hours WHERE hour >= this_hour - toIntervalHour({silent_hours:UInt32})
            AND hour <= this_hour
    )
GROUP BY account_id, key_id
HAVING max(hour) < this_hour - toIntervalHour({silent_hours:UInt32})
    AND hours_active >= hours_seen * {steady_share:Float64}
ORDER BY last_seen DESC, account_id, key_id
