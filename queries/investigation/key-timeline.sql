/*
title: Timeline of a key
question: What was done with this key, when, from where, and what became of the key in between?
description: >
  Every request with the key, oldest first, and between them a row of kind "registry" for each instant from which the
  registry knows something else of the key. Owner, app, network and verdict of a request are those of its time. A
  registry row shows the key as it was from then on; what nobody said stays empty in key_state, owner and app, and is
  "unknown" in changed_from and changed_to, where "none" stands for nothing. A statement that repeats what was known is
  no change. The name of a key says nothing about its account: without account_id, keys of that name in all accounts are
  shown; with it, the requests to that account and those that showed its key to another one.
params:
  key_id: {type: String, description: what the source records to name the key}
  account_id: {type: String, default: "", description: only the key of this account}
  from: {type: "DateTime64(3, 'UTC')", description: requests and changes at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: requests and changes before this time}
columns:
  event_time: when it happened; of a change, since when it is so
  kind: request, or registry for a change of the key
  account_id: account of the request, or of the key that changed
  key_account_id: account that the key belongs to; empty when the registry knows no such key
  key_state: active, deleted, revoked or unknown, at the time
  owner: owner of the key at the time; empty where it is not known
  app: app that the key served at the time; of a change, the app that the registry assigns
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
  source: record format that the request came in; of a change, where it was learned
  changed: attributes of the key that are others from then on; with incarnation it is another key of the same name
  changed_from: what each of them was
  changed_to: what each of them is
  learned_at: when keytrail learned of the change; it may be long after it
tags: [investigation, key, timeline, registry]
*/
WITH
    ['incarnation', 'state', 'owner', 'app', 'purpose', 'created_at', 'created_by', 'fingerprint', 'allow_list'] AS attributes,
    versions AS (
        SELECT
            account_id, valid_from, recorded_at, origin, state, owner, app,
            [
                toString(incarnation),
                ifNull(toString(state), 'unknown'),
                ifNull(if(owner = '', 'none', owner), 'unknown'),
                ifNull(if(app = '', 'none', app), 'unknown'),
                ifNull(if(purpose = '', 'none', purpose), 'unknown'),
                ifNull(concat(replaceOne(toString(created_at), ' ', 'T'), 'Z'), 'unknown'),
                ifNull(if(created_by = '', 'none', created_by), 'unknown'),
                ifNull(if(fingerprint = '', 'none', fingerprint), 'unknown'),
                if(allow_list_state = 'defined', arrayStringConcat(allow_list, ' '), ifNull(toString(allow_list_state), 'unknown'))
            ] AS says,
            -- Before its first version nothing is known of a key, but that it is the first one of its name.
            lagInFrame(says, 1, arrayMap((name, at) -> if(at = 1, '0', 'unknown'), attributes, arrayEnumerate(attributes))) OVER (
                PARTITION BY account_id, key_id ORDER BY valid_from ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
            ) AS said,
            arrayFilter(at -> says[at] != said[at], arrayEnumerate(attributes)) AS others
        FROM registry_key_versions
        WHERE key_id = {key_id:String} AND ({account_id:String} = '' OR account_id = {account_id:String})
    )
SELECT
    event_time, kind, account_id, key_account_id, key_state, owner, app, source_ip, source_host, network,
    action, resource_type, resource_id, outcome, auth_result, auth_reason, verdict, status_code, user_agent,
    request_id, event_id, source, changed, changed_from, changed_to, learned_at
FROM
(
    SELECT
        event_time, 'request' AS kind, account_id, key_account_id, key_state, owner, app, source_ip, source_host, network,
        action, resource_type, resource_id,
        toString(outcome) AS outcome, toString(auth_result) AS auth_result, toString(auth_reason) AS auth_reason,
        verdict, status_code, user_agent, request_id, event_id, source, content_hash,
        emptyArrayString() AS changed, emptyArrayString() AS changed_from, emptyArrayString() AS changed_to,
        CAST(NULL AS Nullable(DateTime64(3, 'UTC'))) AS learned_at
    FROM activity
    WHERE key_id = {key_id:String}
        AND ({account_id:String} = '' OR account_id = {account_id:String} OR key_account_id = {account_id:String})
        AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    UNION ALL
    SELECT
        valid_from, 'registry', account_id, account_id, ifNull(toString(state), ''), ifNull(owner, ''), ifNull(app, ''),
        toIPv6('::'), '', '', '', '', '', '', '', '', '', 0, '', '', '', origin, toFixedString('', 16),
        arrayMap(at -> attributes[at], others), arrayMap(at -> said[at], others), arrayMap(at -> says[at], others),
        toNullable(recorded_at)
    FROM versions
    WHERE notEmpty(others)
        AND valid_from >= {from:DateTime64(3, 'UTC')} AND valid_from < {to:DateTime64(3, 'UTC')}
)
ORDER BY event_time, kind, account_id, source, event_id, content_hash
