/*
title: Key tried in an account that is not its own
question: Which keys were used together with the account key of another account?
description: >
  A user key and an account key of two accounts in one request - by mistake in a configuration, or by somebody who
  has found keys and tries which belong together.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [account_id, key_id]
  anchor: day
  runbook:
    - Ask the owner of the key whether two configurations were mixed up.
    - If not, somebody holds keys of both accounts - revoke both, and look at the addresses with ip-timeline.
  references: [T1078.004, T1110.004]
  summary: >
    Key {key_id}, which belongs to account {home_account_id}, was used in account {account_id} {events:time} from
    {source_ips}.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
  keys: {type: Array(String), default: [], description: only these keys; none for all keys}
columns:
  account_id: account of the requests
  key_id: what the source records to name the key
  home_account_id: account of the key; empty where it is not known
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
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
    account_id,
    key_id,
    argMax(key_account_id, (event_time, event_id)) AS home_account_id,
    argMax(owner, (event_time, event_id)) AS owner,
    argMax(app, (event_time, event_id)) AS app,
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
    AND rule_account = 'fail' AND key_id != ''
GROUP BY account_id, key_id, anchor_at
ORDER BY last_seen DESC, account_id, key_id, anchor_at
