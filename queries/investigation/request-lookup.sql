/*
title: Request look-up
question: What is recorded of the request or event with this id?
description: >
  The whole event, with its record as it was received less its secrets. Give one of the three: request_id, event_id, or id,
  which is looked for as both. Several rows with one event_id are several statements: see conflicting-events.
params:
  id: {type: String, default: "", description: id of a request or of an event}
  request_id: {type: String, default: "", description: id of a request}
  event_id: {type: String, default: "", description: id of an event}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
one_of: [id, request_id, event_id]
columns:
  event_time: when it happened
  time_precision_ms: {unit: ms, description: resolution of the clock that the time was read from}
  account_id: account of the event
  account_name: name of the account at the time
  source: record format that the event came in
  event_id: id of the record
  request_id: id of the request
  key_id: what the source records to name the key
  key_account_id: account that the key belongs to; empty when no version of any key has the name
  key_state: active, deleted, revoked or unknown, at the time
  owner: owner of the key at the time
  owner_name: name of the owner
  app: app that the key serves
  app_rule: assigned, or the rule that gave the app
  principal_kind: api-key, console-user, system, service or unknown
  principal_name: who, as the source names them
  principal_email: their address
  action: operation as the source names it
  activity: create, read, update, delete, authenticate or other
  resource_type: kind of the resource
  resource_id: resource that it was done to
  resource_name: name of the resource
  description: what the source says about it
  source_ip: address that the request came from
  source_host: what stood in the place of the address when it was none
  http_method: method of the request
  url_path: path of the request
  status_code: HTTP status, 0 when the record has none
  user_agent: client as it named itself
  auth_result: whether the request was authenticated
  auth_reason: why it was not
  rule_keys: rule 1, both keys valid; pass, unknown or fail
  rule_account: rule 2, the same account; pass, unknown or fail
  rule_source_ip: rule 3, the address in the allow list; pass, unknown or fail
  expected: what the rules say; allowed, unknown or denied
  verdict: what the rules say against what was recorded
  judgement: the verdict and the recorded result in one word
  verdict_missing: what a verdict would need to know
  verdict_assumed: what was taken for granted
  outcome: success, failure or unknown
  error_code: error as the source names it
  asn: number of the network that the address is in
  as_name: name of that network
  country: country of the address
  city: city of the address
  latitude: {unit: degrees, description: where the address is placed; NULL when that is not known}
  longitude: {unit: degrees, description: where the address is placed; NULL when that is not known}
  network: named network that holds the address, or the name of a reserved range
  network_kind: kind of that network
  network_edition: edition of the network data that the address was looked up in
  content_hash: identity of the record's text, 32 hex digits
  schema_version: version of the normaliser that made the event
  stream: where the record was read
  stream_partition: partition of the stream
  stream_offset: position in the partition
  record_index: position in the message
  block_id: block that the event was stored with
  ingested_at: when it was stored
  raw: the record as received, less its secrets
tags: [investigation, request, evidence]
*/
WITH
    arrayFilter(id -> id != '', [{id:String}, {request_id:String}]) AS request_ids,
    arrayFilter(id -> id != '', [{id:String}, {event_id:String}]) AS event_ids
SELECT
    event_time, time_precision_ms, account_id, account_name, source, event_id, request_id,
    key_id, key_account_id, key_state, owner, owner_name, app, app_rule, principal_kind, principal_name, principal_email,
    action, activity, resource_type, resource_id, resource_name, description,
    source_ip, source_host, http_method, url_path, status_code, user_agent,
    auth_result, auth_reason, rule_keys, rule_account, rule_source_ip, expected, verdict, judgement,
    verdict_missing, verdict_assumed,
    outcome, error_code,
    asn, as_name, country, city, latitude, longitude, network, network_kind, network_edition,
    lower(hex(activity.content_hash)) AS content_hash, schema_version,
    stream, stream_partition, stream_offset, record_index, block_id, ingested_at, raw
FROM activity
WHERE (has(request_ids, request_id) OR has(event_ids, event_id))
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY event_time, account_id, key_id, source, event_id, content_hash
