/*
title: First seen
question: Which keys, addresses, clients and operations are new since the beginning of the range?
description: >
  One row for each novelty: something that was seen in the range and never before it, as far as events are stored. Kinds
  are key, source-ip, and of a key: key-source-ip, key-user-agent, key-action. Everything that a new key does is new as
  well, and "key_is_new" marks it. What is new by name is meant: a name that was used again after its key was deleted is
  not. With account_id, only what that account saw counts, also as earlier. An event later than the moment of asking
  makes nothing new, and absent values are none. The answer reads all of history: history_days makes it read less, and
  then says what is new against so many days.
params:
  kinds:
    type: Array(String)
    default: [key, source-ip, key-source-ip, key-user-agent, key-action]
    description: only novelties of these kinds
  account_id: {type: String, default: "", description: only events of this account}
  history_days: {type: UInt16, default: 0, description: how many days before the range count as earlier; 0 for all}
  from: {type: "DateTime64(3, 'UTC')", default: "-7d", description: new since this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  first_seen: time of the first event
  kind: what is new; key, source-ip, key-source-ip, key-user-agent or key-action
  account_id: account of the key; empty for an address
  key_id: what the source records to name the key; empty for an address
  owner: owner of the key at the first event; empty where it is not known
  source_ip: address that is new
  as_name: who announces that address, as first looked up
  country: country of that address, as first looked up
  user_agent: client that is new, as it named itself
  action: operation that is new, as the source names it
  key_is_new: whether the key itself is new
  requests: {unit: requests, description: since then}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  last_seen: time of the last event
  event_id: id of the first event; look it up with request-lookup
tags: [investigation, key, source-ip, novelty]
*/
WITH
    ['source-ip', 'key', 'key-source-ip', 'key-user-agent', 'key-action'] AS all_kinds,
    -- A kind that there is not would read like one of which nothing is new.
    (
        SELECT throwIf(
            NOT hasAll(all_kinds, {kinds:Array(String)}),
            'kinds are key, source-ip, key-source-ip, key-user-agent and key-action'
        )
    ) AS refusals,
    toIPv6('::') AS no_address,
    if(
        {history_days:UInt16} = 0,
        toDateTime64(0, 3, 'UTC'),
        {from:DateTime64(3, 'UTC')} - toIntervalDay({history_days:UInt16})
    ) AS begins,
    -- Each thing of each kind is known by 128 bits: joined by its texts the answer took three times as long.
    (kind, account, name, address, text) ->
        (cityHash64(kind, account, name, address, text), xxh3(kind, account, name, address, text)) AS identity_of,
    -- By time, and within a millisecond in an order that is always the same.
    bitShiftLeft(toUInt128(toUnixTimestamp64Milli(event_time)), 64) + cityHash64(event_id, content_hash) AS place,
    seen AS (
        SELECT
            multiIf(
                grouping(key_id) = 1, 1, grouping(source_ip) = 0, 3, grouping(user_agent) = 0, 4, grouping(action) = 0, 5, 2
            ) AS kind_at,
            account_id,
            key_id,
            source_ip,
            user_agent,
            action,
            identity_of(kind_at, account_id, key_id, source_ip, concat(user_agent, action)) AS identity,
            count() AS requests,
            countIf(outcome = 'failure') AS failures,
            countIf(auth_result = 'failure') AS auth_failures,
            min(event_time) AS first_seen,
            max(event_time) AS last_seen,
            argMin(event_id, place) AS event_id,
            argMin(owner, place) AS owner,
            argMin(as_name, place) AS as_name,
            argMin(country, place) AS country
        FROM activity
        WHERE ({account_id:String} = '' OR account_id = {account_id:String})
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND event_time <= {now:DateTime64(3, 'UTC')}
        GROUP BY GROUPING SETS (
            (source_ip), (account_id, key_id), (account_id, key_id, source_ip), (account_id, key_id, user_agent),
            (account_id, key_id, action)
        )
        HAVING if(kind_at = 1, source_ip != no_address, key_id != '')
            AND (kind_at != 3 OR source_ip != no_address)
            AND (kind_at != 4 OR user_agent != '')
            AND (kind_at != 5 OR action != '')
    ),
    earlier AS (
        SELECT identity_of(3, account_id, key_id, source_ip, '') AS identity
        FROM activity
        WHERE has({kinds:Array(String)}, 'key-source-ip') AND key_id != '' AND source_ip != no_address
            AND ({account_id:String} = '' OR account_id = {account_id:String})
            AND event_time >= begins AND event_time < {from:DateTime64(3, 'UTC')}
        UNION ALL
        SELECT arrayJoin(if(
            grouping(source_ip) = 0,
            [identity_of(1, '', '', source_ip, '')],
            [
                identity_of(2, account_id, key_id, no_address, ''),
                identity_of(4, account_id, key_id, no_address, user_agent),
                identity_of(5, account_id, key_id, no_address, action)
            ]
        ))
        FROM activity
        WHERE ({account_id:String} = '' OR account_id = {account_id:String})
            AND event_time >= begins AND event_time < {from:DateTime64(3, 'UTC')}
        GROUP BY GROUPING SETS ((source_ip), (account_id, key_id, user_agent, action))
    )
SELECT
    first_seen,
    all_kinds[kind_at] AS kind,
    account_id,
    key_id,
    if(key_id = '', '', owner) AS owner,
    source_ip,
    if(source_ip = no_address, '', as_name) AS as_name,
    if(source_ip = no_address, '', country) AS country,
    user_agent, action, key_is_new, requests, failures, auth_failures, last_seen, event_id
FROM
(
    SELECT
        seen.*,
        toBool(key_id != '' AND countIf(kind_at = 2) OVER (PARTITION BY account_id, key_id) > 0) AS key_is_new
    FROM earlier
    RIGHT ANTI JOIN seen ON earlier.identity.1 = seen.identity.1 AND earlier.identity.2 = seen.identity.2
)
WHERE has({kinds:Array(String)}, all_kinds[kind_at]) AND refusals = 0
ORDER BY first_seen, all_kinds[kind_at], account_id, key_id, source_ip, user_agent, action
