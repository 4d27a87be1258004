/*
title: Timeline of an incident
question: What was done with these keys or from these addresses, when, from where, and did the rules allow it?
description: >
  Every request with one of the keys, and every event from one of the addresses, oldest first. With both it is what
  has either. Owner, app, network and verdict are those of the time of the event. "content_hash" is the identity of the
  record as it was received: who holds the record can show that it is this one.
params:
  keys: {type: Array(String), default: [], description: "keys, as the source records name them"}
  source_ips: {type: Array(IPv6), default: [], description: "addresses, v4 or v6"}
  account_id: {type: String, default: "", description: only events of this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
one_of: [keys, source_ips]
columns:
  event_time: when it happened
  account_id: account of the event
  key_id: what the source records to name the key
  owner: owner of the key at the time; empty where it is not known
  app: app that the key served at the time
  principal_name: who acted as the record says
  source_ip: address that the request came from
  network: named network that held the address at the time
  country: country of the address
  action: operation as the source names it
  resource_id: resource that it was done to
  outcome: success, failure or unknown
  auth_result: whether the request was authenticated
  auth_reason: why it was not
  verdict: what the three rules say against what was recorded
  status_code: HTTP status, 0 when the record has none
  user_agent: client as it named itself
  request_id: id of the request
  event_id: id of the record; look it up with request-lookup
  source: record format that the event came in
  content_hash: identity of the record as it was received
tags: [investigation, incident, timeline, key, source-ip]
*/
SELECT
    event_time, account_id, key_id, owner, app, principal_name, source_ip, network, country, action, resource_id,
    outcome, auth_result, auth_reason, verdict, status_code, user_agent, request_id, event_id, source,
    lower(hex(content_hash)) AS content_hash
FROM activity
WHERE (
        (key_id != '' AND key_id IN {keys:Array(String)})
        OR (source_ip != toIPv6('::') AND source_ip IN {source_ips:Array(IPv6)})
    )
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY event_time, account_id, key_id, source, event_id, content_hash
