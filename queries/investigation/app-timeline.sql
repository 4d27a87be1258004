/*
title: Timeline of an app
question: What did this app do, when, with which keys, from where, and with what outcome?
description: >
  Every request with a key that served the app at the time of the request, oldest first. "app_rule" says what made the
  request one of this app: "assigned" where the registry says so, else the first app rule that matches. Requests without
  a key belong to no app.
params:
  app: {type: String, description: name of the app}
  account_id: {type: String, default: "", description: only requests to this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  event_time: when it happened
  account_id: account of the request
  key_id: what the source records to name the key
  owner: owner of the key at the time; empty where it is not known
  app_rule: assigned, or the rule that gave the app
  source_ip: address that the request came from
  source_host: what stood in the place of the address when it was none
  network: named network that held the address at the time, or the name of a reserved range
  action: operation as the source names it
  resource_type: kind of the resource
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
tags: [investigation, app, timeline]
*/
SELECT
    event_time, account_id, key_id, owner, app_rule, source_ip, source_host, network,
    action, resource_type, resource_id, outcome, auth_result, auth_reason, verdict, status_code, user_agent,
    request_id, event_id, source
FROM activity
WHERE key_id != '' AND app = {app:String}
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY event_time, account_id, key_id, source, event_id, content_hash
