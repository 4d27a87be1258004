/*
title: Timeline of an address
question: What was done from this address, when, with which keys, and with what outcome?
description: >
  Every event from one address, oldest first; start here when an address is all you have. Owner, app, network and
  verdict are those of the time of the event. Tries without a key and people in the console are in it; what people in
  the console did later is not, because those records carry no address: see session-correlation.
params:
  source_ip: {type: IPv6, description: "the address, v4 or v6"}
  account_id: {type: String, default: "", description: only events of this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  event_time: when it happened
  account_id: account of the event
  key_id: what the source records to name the key
  owner: owner of the key at the time; empty where it is not known
  app: app that the key served at the time
  principal_kind: api-key, console-user, system, service or unknown
  principal_name: who, as the source names them
  principal_email: their address
  network: named network that held the address at the time, or the name of a reserved range
  action: operation as the source names it
  resource_type: kind of the resource
  resource_id: resource that it was done to
  outcome: success, failure or unknown
  auth_result: whether the request was authenticated
  auth_reason: why it was not
  verdict: what the three rules say against what was recorded; empty where no rule is about it
  status_code: HTTP status, 0 when the record has none
  user_agent: client as it named itself
  request_id: id of the request
  event_id: id of the record; look it up with request-lookup
  source: record format that the event came in
tags: [investigation, source-ip, timeline]
*/
SELECT
    event_time, account_id, key_id, owner, app, principal_kind, principal_name, principal_email, network,
    action, resource_type, resource_id, outcome, auth_result, auth_reason, verdict, status_code, user_agent,
    request_id, event_id, source
FROM activity
WHERE source_ip = {source_ip:IPv6}
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY event_time, account_id, key_id, source, event_id, content_hash
