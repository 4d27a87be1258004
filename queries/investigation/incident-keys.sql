/*
title: Keys and addresses of an incident
question: Which key was used from which address among these keys and addresses, how often, and against the rules?
description: >
  One row per key and address of the requests with one of the keys, and of the events from one of the addresses. Owner
  is that of the latest of them; network, autonomous system and country are those that were known of the address then.
params:
  keys: {type: Array(String), default: [], description: "keys, as the source records name them"}
  source_ips: {type: Array(IPv6), default: [], description: "addresses, v4 or v6"}
  account_id: {type: String, default: "", description: only events of this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
one_of: [keys, source_ips]
columns:
  account_id: account of the events
  key_id: what the source records to name the key; empty where none was named
  owner: owner of the key at the latest event
  source_ip: address that the requests came from
  network: named network that held the address then
  as_name: autonomous system of the address
  country: country of the address
  requests: {unit: requests}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  against_the_rules: {unit: requests, description: let in though the rules say otherwise}
  changes: {unit: requests, description: "that created, changed or deleted something"}
  first_seen: time of the first event
  last_seen: time of the last event
tags: [investigation, incident, key, source-ip]
chart: {kind: bar, x: source_ip, y: requests, by: key_id}
*/
SELECT
    account_id,
    key_id,
    argMax(activity.owner, (event_time, content_hash)) AS owner,
    source_ip,
    argMax(activity.network, (event_time, content_hash)) AS network,
    argMax(activity.as_name, (event_time, content_hash)) AS as_name,
    argMax(activity.country, (event_time, content_hash)) AS country,
    count() AS requests,
    countIf(auth_result = 'failure') AS auth_failures,
    countIf(verdict = 'allowed-but-should-be-denied') AS against_the_rules,
    countIf(activity.activity IN ('create', 'update', 'delete') AND outcome != 'failure') AS changes,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen
FROM activity
WHERE (
        (key_id != '' AND key_id IN {keys:Array(String)})
        OR (source_ip != toIPv6('::') AND source_ip IN {source_ips:Array(IPv6)})
    )
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY account_id, key_id, source_ip
ORDER BY requests DESC, account_id, key_id, source_ip
