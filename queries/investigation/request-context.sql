/*
title: Around a request
question: What did the same key and the same address do shortly before and after this request?
description: >
  The request itself and everything at most "minutes" away from it that names the same key or came from the same
  address, oldest first. Give one of the three: request_id, event_id, or id, which is looked for as both; from and to
  say where to look for it and do not cut its surroundings. A key is the same where the registry knows it as one key,
  also when it was shown to another account. Where several events have the id, as when two logs tell of one request,
  each is "itself", and "seconds" counts from the one that is nearest in time; of more than 100 the first 100 are
  taken. What people did in the console without an address is in no surroundings: see session-correlation.
params:
  id: {type: String, default: "", description: id of a request or of an event}
  request_id: {type: String, default: "", description: id of a request}
  event_id: {type: String, default: "", description: id of an event}
  minutes: {type: UInt16, default: 15, description: how far to look before and after}
  from: {type: "DateTime64(3, 'UTC')", description: the request happened at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: the request happened before this time}
one_of: [id, request_id, event_id]
columns:
  seconds: {unit: seconds, description: time from the request; negative before it}
  relation: itself, same-key, same-address or both
  event_time: when it happened
  account_id: account of the event
  key_id: what the source records to name the key
  owner: owner of the key at the time; empty where it is not known
  app: app that the key served at the time
  principal_kind: api-key, console-user, system, service or unknown
  principal_name: who, as the source names them
  source_ip: address that the request came from
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
  around_event_id: id of the event with the given id that the row tells of
tags: [investigation, request, key, source-ip, timeline]
*/
WITH
    arrayFilter(given -> given != '', [{id:String}, {request_id:String}]) AS request_ids,
    arrayFilter(given -> given != '', [{id:String}, {event_id:String}]) AS event_ids,
    {minutes:UInt16} * toInt64(60000) AS span_ms,
    -- One list, read once: each event that has the id, as (time, account of its key, key, address, its own identity).
    assumeNotNull((
        SELECT groupArraySorted(100)((
            toUnixTimestamp64Milli(event_time), if(key_account_id = '', account_id, key_account_id), key_id, source_ip,
            (account_id, source, event_id, hex(content_hash))
        ))
        FROM activity
        WHERE (has(request_ids, request_id) OR has(event_ids, event_id))
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    )) AS sought,
    arrayDistinct(arrayFilter(key -> key != '', sought.3)) AS sought_keys,
    arrayDistinct(arrayFilter(address -> address != toIPv6('::'), sought.4)) AS sought_addresses
SELECT
    nearest.1 / 1000 AS seconds,
    multiIf(nearest.2, 'itself', shares_key AND shares_address, 'both', shares_key, 'same-key', 'same-address') AS relation,
    event_time, account_id, key_id, owner, app, principal_kind, principal_name, source_ip, network,
    action, resource_type, resource_id, outcome, auth_result, auth_reason, verdict, status_code, user_agent,
    request_id, event_id, source,
    nearest.5 AS around_event_id
FROM
(
    SELECT
        *,
        if(key_account_id = '', account_id, key_account_id) AS home,
        arrayFilter(
            one -> abs(one.1) <= span_ms AND (one.2 OR one.3 OR one.4),
            arrayMap(
                one -> (
                    toUnixTimestamp64Milli(event_time) - one.1,
                    one.5 = (account_id, source, event_id, hex(content_hash)),
                    key_id != '' AND (one.2, one.3) = (home, key_id),
                    source_ip != toIPv6('::') AND one.4 = source_ip,
                    one.5.3
                ),
                sought
            )
        ) AS related,
        arrayExists(one -> one.3, related) AS shares_key,
        arrayExists(one -> one.4, related) AS shares_address,
        arraySort(one -> (NOT one.2, abs(one.1), one.1, one.5), related)[1] AS nearest
    FROM activity
    WHERE event_time >= fromUnixTimestamp64Milli(arrayMin(sought.1) - span_ms, 'UTC')
        AND event_time <= fromUnixTimestamp64Milli(arrayMax(sought.1) + span_ms, 'UTC')
        AND (has(sought_keys, key_id) OR has(sought_addresses, source_ip) OR has(sought.5.3, event_id))
        AND notEmpty(related)
)
ORDER BY event_time, account_id, key_id, source, event_id, content_hash
