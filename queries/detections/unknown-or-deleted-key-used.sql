/*
title: Unknown, deleted or revoked key used
question: Which keys that are not, or not any more, were tried or used?
description: >
  A key is unknown where the registry knows other keys of the account and never knew one of this name. Requests
  with a deleted or revoked key count from the end of the key on.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [account_id, key_id, state]
  anchor: day
  runbook:
    - If it succeeded, the key still works - revoke it at the provider at once.
    - Find who holds it with key-timeline; an old key in a job that nobody changed is the usual reason.
    - An unknown key that works is missing in the registry - import it with its owner.
  references: [T1078.004, T1552]
  summary: >
    Key {key_id} of account {account_id}, which is {state}, was used {events:time}, {successes:time} with success.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
  keys: {type: Array(String), default: [], description: only these keys; none for all keys}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  state: unknown, deleted or revoked
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  successes: {unit: requests, description: how many were let in}
  source_ips: addresses, at most ten
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
SELECT
    if(seen.key_account_id = '', seen.account_id, seen.key_account_id) AS account_id,
    key_id,
    if(verdict = 'unknown-key', 'unknown', key_state) AS state,
    argMax(owner, (event_time, event_id)) AS owner,
    argMax(app, (event_time, event_id)) AS app,
    countIf(auth_result = 'success') AS successes,
    arraySort(groupUniqArray(10)(source_ip)) AS source_ips,
    toStartOfDay(event_time) AS anchor_at,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    max(ingested_at) AS stored_until,
    count() AS events,
    arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
FROM activity AS seen
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
    AND (key_id IN {keys:Array(String)} OR empty({keys:Array(String)}))
    AND key_id != ''
    AND (
        key_state IN ('deleted', 'revoked')
        OR verdict = 'unknown-key' AND seen.account_id IN (SELECT account_id FROM registry_key_versions)
    )
GROUP BY account_id, key_id, state, anchor_at
ORDER BY last_seen DESC, account_id, key_id, state, anchor_at
