/*
title: Key of somebody who may have none any more
question: Which keys are active although their owner has left or lost the role of an owner?
description: >
  Only an owner of an account may have keys, and their keys do not end when they leave.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [account_id, key_id, owner]
  anchor: day
  trigger: time
  interval_seconds: 60
  runbook:
    - Delete the key, or give it to another owner and say so in the registry.
    - Look at what it did since then with key-timeline.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} is active, and its owner {owner} is {standing} since {first_seen}.
params:
  grace_hours:
    type: UInt32
    default: 24
    description: hours that the key may live on
    reason: who leaves hands over on the last day
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  owner: owner of the key
  app: app that the key serves
  standing: inactive, or the role they have
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection]
*/
SELECT
    held.account_id AS account_id,
    held.key_id AS key_id,
    held.owner AS owner,
    ifNull(held.app, '') AS app,
    if(gone.active = false, 'inactive', ifNull(gone.role, '')) AS standing,
    greatest(gone.valid_from, held.valid_from) AS anchor_at,
    anchor_at AS first_seen,
    anchor_at AS last_seen,
    greatest(gone.recorded_at, held.recorded_at) AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM
(
    SELECT account_id, key_id, assumeNotNull(owner) AS owner, app, valid_from, recorded_at
    FROM registry_key_versions
    WHERE valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
        AND state = 'active' AND owner IS NOT NULL
) AS held
INNER JOIN
(
    SELECT account_id, email, active, role, valid_from, recorded_at
    FROM registry_user_versions
    WHERE valid_from <= {now:DateTime64(3, 'UTC')} - toIntervalHour({grace_hours:UInt32})
        AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
        AND (active = false OR role != 'owner')
) AS gone ON gone.account_id = held.account_id AND gone.email = held.owner
ORDER BY first_seen DESC, account_id, key_id, owner
