/*
title: Timeline of an address
question: What was done from this address, when, with which keys, and with what outcome?
description: Every event from one address, oldest first. Start here when an address is all you have.
params:
  source_ip: {type: IPv6, description: "the address, v4 or v6"}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  event_time: when it happened
  account_id: account of the event
  key_id: what the source records to name the key
  principal_kind: api-key, console-user, system, service or unknown
  principal_name: who, as the source names them
  action: operation as the source names it
  resource_type: kind of the resource
  resource_id: resource that it was done to
  outcome: success, failure or unknown
  auth_result: whether the request was authenticated
  auth_reason: why it was not
  status_code: HTTP status, 0 when the record has none
  user_agent: client as it named itself
  request_id: id of the request
  event_id: id of the record; look it up with request-lookup
  source: record format that the event came in
tags: [investigation, source-ip, timeline]
*/
SELECT
    event_time, account_id, key_id, principal_kind, principal_name, action, resource_type, resource_id,
    outcome, auth_result, auth_reason, status_code, user_agent, request_id, event_id, source
FROM activity
WHERE source_ip = {source_ip:IPv6}
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY event_time, account_id, key_id, source, event_id, content_hash
