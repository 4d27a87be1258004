/*
title: Collector fails
question: Which collectors cannot read what they collect?
description: >
  Every look since the last success has failed. The next one that succeeds reads what was missed, as long as the log
  still has it.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [collector, account_id, resource]
  anchor: day
  trigger: time
  interval_seconds: 60
  runbook:
    - Ask keytrail collect redis-cloud --check what does not hold of the keys, the account and the role.
    - See with collector-status since when, and what the API said.
  references: [T1562.008]
  summary: >
    The last {failures:look} of {collector} at {resource} of account {account_id} failed[ ({failure})].
params:
  failures_min:
    type: UInt32
    default: 5
    description: looks that failed, one after the other
    reason: with a look a minute an API that restarts is back
  look_back_hours:
    type: UInt32
    default: 24
    description: hours that are looked at
    reason: what has failed for longer was told
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  collector: what it collects from
  account_id: the account
  resource: which log of it, or the account itself
  failures: {unit: looks, description: that failed since the last success}
  failure: why the last of them failed
  detail: what the API said to it
  anchor_at: what tells one finding of the entity from the next
  first_seen: when it began
  last_seen: when it was last so
  stored_until: when that was recorded
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection, keytrail]
*/
WITH looks AS (
    SELECT collector, account_id, resource, number, kind, recorded_at AS at, failure, detail
    FROM collector_log
    WHERE kind IN ('done', 'failed') AND resource != ''
        AND recorded_at >= {now:DateTime64(3, 'UTC')} - toIntervalHour({look_back_hours:UInt32})
        AND recorded_at <= {now:DateTime64(3, 'UTC')}
    LIMIT 1 BY collector, account_id, resource, number
)
SELECT
    collector, account_id, resource,
    uniqExact(number) AS failures,
    argMax(looks.failure, number) AS failure,
    argMax(looks.detail, number) AS detail,
    max(at) AS anchor_at,
    min(at) AS first_seen,
    max(at) AS last_seen,
    max(at) AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM looks
LEFT JOIN
(
    SELECT collector, account_id, resource, maxIf(number, kind = 'done') AS good
    FROM looks
    GROUP BY collector, account_id, resource
) AS success USING (collector, account_id, resource)
WHERE number > success.good
GROUP BY collector, account_id, resource
HAVING failures >= {failures_min:UInt32}
ORDER BY collector, account_id, resource
