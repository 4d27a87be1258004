/*
title: Detections are behind
question: Which detections have not looked at what was stored long ago?
description: >
  A detection that the store refuses, or that takes too long, stays where it is while others go on; what was stored
  since waits for it.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [rule]
  anchor: day
  trigger: time
  interval_seconds: 300
  runbook:
    - Look at what keytrail detect run says on stderr of this detection.
    - Ask it by hand with keytrail query, and see what it reads and how long it takes.
  references: []
  summary: >
    Detection {rule} has not looked at {blocks:block}, the oldest of which was stored at {first_seen}.
params:
  behind_minutes:
    type: UInt32
    default: 120
    description: minutes since the oldest block was stored that it has not looked at
    reason: the slowest of the detections that come with keytrail look once an hour
  look_back_hours:
    type: UInt32
    default: 168
    description: hours in which blocks are looked for
    reason: what was stored before is looked at by who starts anew
  rules:
    type: Array(String)
    default: []
    description: detections that should look; none for all that ever did
    reason: one that was turned off, or taken away, is not behind; the engine fills in those that look
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  rule: the detection
  blocks: {unit: blocks, description: how many it has not looked at}
  anchor_at: what tells one finding of the entity from the next
  first_seen: when it began
  last_seen: when it was last so
  stored_until: when that was recorded
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection, keytrail]
*/
WITH
    stored AS (
        SELECT DISTINCT chain_id, chain_index, recorded_at AS at
        FROM ledger
        WHERE recorded_at >= {now:DateTime64(3, 'UTC')} - toIntervalHour({look_back_hours:UInt32})
            AND recorded_at <= {now:DateTime64(3, 'UTC')} - toIntervalMinute({behind_minutes:UInt32})
    ),
    cursors AS (
        SELECT rule, chain_id, max(next_index) AS next_index
        FROM detection_cursors
        WHERE NOT startsWith(rule, '(') AND (has({rules:Array(String)}, rule) OR empty({rules:Array(String)}))
        GROUP BY rule, chain_id
    ),
    rules AS (SELECT DISTINCT rule FROM cursors)
SELECT
    rules.rule AS rule,
    count() AS blocks,
    max(stored.at) AS anchor_at,
    min(stored.at) AS first_seen,
    max(stored.at) AS last_seen,
    max(stored.at) AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM stored
CROSS JOIN rules
LEFT JOIN cursors ON cursors.rule = rules.rule AND cursors.chain_id = stored.chain_id
WHERE stored.chain_index >= cursors.next_index
GROUP BY rule
ORDER BY rule
