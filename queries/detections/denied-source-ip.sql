/*
title: Key refused for its address
question: Which keys were refused because of the address that they were used from?
description: >
  Whoever made the request held the key, and stood where it may not be used.
detection:
  version: 1
  severity: medium
  raises: signal
  entity: [account_id, key_id, source_ip]
  anchor: day
  runbook:
    - Ask the owner of the key whether the address is theirs, and a new one of a job that moved.
    - If nobody knows the address, the key is in wrong hands - revoke it, and look for other keys from there with
      ip-timeline.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} was refused {events:time} from {source_ip}[ of {as_name}][ in {country}],
    which its allow list does not hold.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
  keys: {type: Array(String), default: [], description: only these keys; none for all keys}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  source_ip: address that the requests came from
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  network: named network of the address
  asn: {unit: number, description: autonomous system that announces the address; 0 where it is not known}
  as_name: who announces the address
  country: country of the address
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
    source_ip,
    argMax(owner, (event_time, event_id)) AS owner,
    argMax(app, (event_time, event_id)) AS app,
    argMax(network, (event_time, event_id)) AS network,
    argMax(asn, (event_time, event_id)) AS asn,
    argMax(as_name, (event_time, event_id)) AS as_name,
    argMax(country, (event_time, event_id)) AS country,
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
    AND auth_result = 'failure' AND auth_reason = 'source-ip-not-allowed' AND key_id != ''
    -- What its allow list holds should have been let in: that is for verdict-mismatch.
    AND rule_source_ip != 'pass'
GROUP BY account_id, key_id, source_ip, anchor_at
ORDER BY last_seen DESC, account_id, key_id, source_ip, anchor_at
