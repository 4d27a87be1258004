/*
title: Access review
question: Which active keys does each owner have, how were they used, and should each be kept, restricted or deleted?
description: >
  One row per key that the registry says is active at the moment of asking. "proposal" is the first that applies:
  "delete" for a key whose owner may not have it any more (owner-inactive, no-owner-role), that was never used and is
  older than unused_days (never-used), or that was not used for so long (unused); "restrict" for a key that may be used
  from everywhere (no-allow-list), or whose list has an entry wider than ipv4_prefix or ipv6_prefix (wide-allow-list);
  else "keep". A use is a request that was not turned away; what an earlier key of the same name did is not counted.
  Requests and addresses are those of the range, last_used is ever. It is a proposal: whoever knows what a key is for
  decides.
params:
  account_id: {type: String, default: "", description: only keys of this account}
  owner: {type: String, default: "", description: only keys of this owner}
  unused_days: {type: UInt16, default: 90, description: days without a use after which a key is proposed for deletion}
  ipv4_prefix: {type: UInt8, default: 16, description: entries of IPv4 with a shorter prefix than this are wide}
  ipv6_prefix: {type: UInt8, default: 32, description: entries of IPv6 with a shorter prefix than this are wide}
  from: {type: "DateTime64(3, 'UTC')", description: requests at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: requests before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  owner: owner of the key now; empty where it is not known
  owner_name: name of that owner
  account_id: account of the key
  key_id: what records write to name the key
  app: app that the registry assigns to the key
  proposal: keep, restrict or delete
  reason: why; empty for keep
  requests: {unit: requests, description: uses in the range}
  source_ips: {unit: addresses, description: distinct addresses of these uses}
  used_source_ips: these addresses; ten at most
  last_used: time of the last use ever, up to the moment of asking
  days_unused: {unit: days, description: whole days since then; NULL for a key without a use}
  allow_list_state: "defined, none, or unknown"
  allow_list: ranges that the key may be used from
  created_at: when the key was made; NULL where that is not known
  age: {unit: days, description: whole days since the key is known}
tags: [hygiene, key, owner, review]
chart: {kind: bar, x: owner, y: requests, by: proposal}
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    owners AS (
        SELECT
            account_id, email, ifNull(name, '') AS name,
            multiIf(
                ifNull(NOT active, false), 'owner-inactive',
                ifNull(role, '') NOT IN ('', 'owner'), 'no-owner-role',
                ''
            ) AS fault
        FROM registry_user_versions
        WHERE valid_from <= asked_at AND (valid_to IS NULL OR valid_to > asked_at)
    ),
    keys AS (
        SELECT
            account_id, key_id, ifNull(owner, '') AS owner, ifNull(app, '') AS app, created_at, known_since, begins_at,
            ifNull(toString(allow_list_state), 'unknown') AS list_state, allow_list,
            arrayExists(
                entry -> toUInt8(splitByChar('/', entry)[2])
                    < if(position(entry, ':') = 0, {ipv4_prefix:UInt8}, {ipv6_prefix:UInt8}),
                allow_list
            ) AS is_wide
        FROM registry_key_lives
        WHERE state = 'active'
            AND valid_from <= asked_at AND (valid_to IS NULL OR valid_to > asked_at)
            AND ({account_id:String} = '' OR account_id = {account_id:String})
            AND ({owner:String} = '' OR owner = {owner:String})
    ),
    -- Without the keys' beginnings: the last use of a name is of the present key, or there is none of it.
    used AS (
        SELECT key_account_id AS account_id, key_id, toNullable(max(event_time)) AS used_at
        FROM activity
        WHERE key_id != '' AND auth_result != 'failure' AND event_time <= asked_at
        GROUP BY account_id, key_id
    ),
    lately AS (
        SELECT
            events.key_account_id AS account_id,
            events.key_id AS key_id,
            count() AS requests,
            uniqExactIf(events.source_ip, events.source_ip != toIPv6('::')) AS source_ips,
            groupUniqArrayIf(events.source_ip, events.source_ip != toIPv6('::')) AS addresses
        FROM activity AS events
        INNER JOIN keys ON keys.account_id = events.key_account_id AND keys.key_id = events.key_id
        WHERE events.key_id != '' AND events.auth_result != 'failure'
            AND events.event_time >= {from:DateTime64(3, 'UTC')} AND events.event_time < {to:DateTime64(3, 'UTC')}
            AND events.event_time <= asked_at AND events.event_time >= keys.begins_at
        GROUP BY account_id, key_id
    )
SELECT
    keys.owner AS owner,
    owners.name AS owner_name,
    keys.account_id AS account_id,
    keys.key_id AS key_id,
    keys.app AS app,
    multiIf(
        reason IN ('no-allow-list', 'wide-allow-list'), 'restrict',
        reason != '', 'delete',
        'keep'
    ) AS proposal,
    multiIf(
        owners.fault != '', owners.fault,
        last_used IS NULL AND age >= {unused_days:UInt16}, 'never-used',
        last_used < asked_at - toIntervalDay({unused_days:UInt16}), 'unused',
        keys.list_state = 'none', 'no-allow-list',
        keys.is_wide, 'wide-allow-list',
        ''
    ) AS reason,
    lately.requests AS requests,
    lately.source_ips AS source_ips,
    arraySlice(arraySort(lately.addresses), 1, 10) AS used_source_ips,
    if(used.used_at >= keys.begins_at, used.used_at, NULL) AS last_used,
    age('day', last_used, asked_at) AS days_unused,
    keys.list_state AS allow_list_state,
    keys.allow_list AS allow_list,
    keys.created_at AS created_at,
    age('day', ifNull(keys.created_at, keys.known_since), asked_at) AS age
FROM keys
LEFT JOIN owners ON owners.account_id = keys.account_id AND owners.email = keys.owner
LEFT JOIN used ON used.account_id = keys.account_id AND used.key_id = keys.key_id
LEFT JOIN lately ON lately.account_id = keys.account_id AND lately.key_id = keys.key_id
ORDER BY owner, indexOf(['delete', 'restrict', 'keep'], proposal), account_id, key_id
