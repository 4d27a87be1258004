/*
title: Timeline of a key
question: What was done with this key, when, from where, and with what outcome?
description: >
  Every event of one key, oldest first. The name of a key says nothing about its account: without account_id, keys of that
  name in all accounts are shown.
params:
  key_id: {type: String, description: what the source records to name the key}
  account_id: {type: String, default: "", description: only this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  event_time: when it happened
  account_id: account of the event
  source_ip: address that the request came from
  source_host: what stood in the place of the address when it was none
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
tags: [investigation, key, timeline]
*/
SELECT
    event_time, account_id, source_ip, source_host, action, resource_type, resource_id,
    outcome, auth_result, auth_reason, status_code, user_agent, request_id, event_id, source
FROM activity
WHERE key_id = {key_id:String}
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY event_time, account_id, source, event_id, content_hash
