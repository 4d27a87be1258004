/*
title: Secret in a record
question: Which records held the secret of a key when they came in?
description: >
  keytrail has cut the secret before it was stored, and what wrote the record has it still, as has everything in
  between.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [account_id, key_id, source]
  anchor: day
  runbook:
    - Find out whose secret it is - keytrail keys find-secret reads it from a file that you have.
    - Rotate the key, and correct what wrote the secret into a record.
    - Remove the records where they lie unscrubbed - topic, files, other stores.
  references: [T1552]
  summary: >
    {events:record} of {source} that name key {key_id} of account {account_id} held a secret.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  source: format of the records
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
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
    source,
    argMax(owner, (event_time, event_id)) AS owner,
    argMax(app, (event_time, event_id)) AS app,
    toStartOfDay(event_time) AS anchor_at,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    max(ingested_at) AS stored_until,
    count() AS events,
    arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
FROM activity AS seen
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
    AND raw LIKE '%[secret:%'
GROUP BY account_id, key_id, source, anchor_at
ORDER BY last_seen DESC, account_id, key_id, source, anchor_at
