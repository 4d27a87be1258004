/*
title: Key of somebody who may have none any more
question: Which keys are active although their owner has left or lost the role of an owner?
description: >
  Only an owner of an account may have keys, and their keys do not end when they leave. It is said of the whole past,
  as it is known now: no pause of keytrail hides what began and ended in it.
detection:
  version: 2
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
  keys: {type: Array(String), default: [], description: only these keys; none for all keys}
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
    argMax(ifNull(held.app, ''), held.valid_from) AS app,
    argMax(if(gone.active = false, 'inactive', ifNull(gone.role, '')), gone.valid_from) AS standing,
    min(greatest(gone.since, held.valid_from)) AS anchor_at,
    anchor_at AS first_seen,
    anchor_at AS last_seen,
    argMin(greatest(gone.recorded_at, held.recorded_at), greatest(gone.since, held.valid_from)) AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM
(
    SELECT
        account_id, key_id, assumeNotNull(owner) AS owner, app, valid_from, recorded_at,
        {now:DateTime64(3, 'UTC')} + toIntervalMillisecond(1) AS just_behind,
        least(ifNull(valid_to, just_behind), just_behind) AS until
    FROM registry_key_versions
    WHERE (key_id IN {keys:Array(String)} OR empty({keys:Array(String)})) AND state = 'active' AND owner IS NOT NULL
) AS held
INNER JOIN
(
    -- `since`: the beginning of the time in which they had no right to keys, over all versions that say so.
    SELECT *, min(valid_from) OVER (PARTITION BY account_id, email, absence) AS since
    FROM
    (
        SELECT
            account_id, email, active, role, valid_from, valid_to, recorded_at,
            ifNull(active = false OR role != 'owner', false) AS is_gone,
            sum(NOT is_gone) OVER (
                PARTITION BY account_id, email ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS absence
        FROM registry_user_versions
    )
    WHERE is_gone
) AS gone ON gone.account_id = held.account_id AND gone.email = held.owner
WHERE greatest(gone.since + toIntervalHour({grace_hours:UInt32}), gone.valid_from, held.valid_from)
    < least(held.until, ifNull(gone.valid_to, held.until))
GROUP BY account_id, key_id, owner, gone.absence
ORDER BY first_seen DESC, account_id, key_id, owner
