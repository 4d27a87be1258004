/*
title: Changes of a resource
question: Who created, changed or deleted this resource, when, with which key, and from where?
description: >
  Every creation, update and deletion of one resource, oldest first, by keys, people in the console and the system
  alike. Give one of the three: resource_id, resource_name, or resource, which is looked for as both. A name may be of
  several resources: see resource_type and resource_id. Tries that were turned away are in it, and "result" marks them.
  Owner, app, network and verdict are those of the time of the event.
params:
  resource: {type: String, default: "", description: id or name of a resource}
  resource_id: {type: String, default: "", description: id of a resource}
  resource_name: {type: String, default: "", description: name of a resource}
  resource_type: {type: String, default: "", description: only resources of this kind}
  account_id: {type: String, default: "", description: only in this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
one_of: [resource, resource_id, resource_name]
columns:
  event_time: when it happened
  activity: create, update or delete
  result: "made where the request succeeded, refused where it failed or was not authenticated, else unknown"
  resource_type: kind of the resource
  resource_id: resource that it was done to
  resource_name: name of the resource
  action: operation as the source names it
  description: what the source says about it
  account_id: account of the event
  key_id: what the source records to name the key; empty where it names none
  owner: owner of the key at the time
  app: app that the key served at the time, assigned or by a rule
  principal_kind: api-key, console-user, system, service or unknown
  principal_name: who, as the source names them
  principal_email: their address
  source_ip: address that the request came from
  source_host: what stood in the place of the address when it was none
  network: named network that held the address at the time
  auth_reason: why it was not authenticated
  status_code: HTTP status, 0 when the record has none
  verdict: what the authentication rules say against what was recorded
  request_id: id of the request
  event_id: id of the record; look it up with request-lookup
  source: record format that the event came in
tags: [attribution, resource, timeline]
*/
WITH
    arrayFilter(text -> text != '', [{resource:String}, {resource_id:String}]) AS ids,
    arrayFilter(text -> text != '', [{resource:String}, {resource_name:String}]) AS names
SELECT
    event_time,
    activity,
    multiIf(
        outcome = 'failure' OR auth_result = 'failure', 'refused', outcome = 'success', 'made', 'unknown'
    ) AS result,
    resource_type, resource_id, resource_name, action, description,
    account_id, key_id, owner, app, principal_kind, principal_name, principal_email,
    source_ip, source_host, network, auth_reason, status_code, verdict, request_id, event_id, source
FROM activity
WHERE activity IN ('create', 'update', 'delete')
    AND (has(ids, resource_id) OR has(names, resource_name))
    AND ({resource_type:String} = '' OR resource_type = {resource_type:String})
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY event_time, account_id, source, event_id, content_hash
