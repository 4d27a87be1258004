/*
title: Keys with shared addresses
question: Which keys were used from the same addresses, as if one person, machine or intruder held both?
description: >
  Each pair of keys whose sets of addresses overlap by min_shared addresses and by min_jaccard: the addresses that
  both used, divided by those that either did. Counted are uses up to the moment of asking: requests that were not
  turned away, and those that were turned away for their address alone, for whoever made them held the key. Addresses
  of IPv6 count once for each prefix of ipv6_prefix bits, because one machine changes within it, and are shown as the
  first of it. What more than keys_per_source_ip_max keys used, such as an office or a gateway, tells nothing of two
  of them and is left out of all sets. It is a reason to look and no proof: "shared_networks" says whether a network
  with a name explains it. Owner is that of the latest use.
params:
  min_jaccard: {type: Float64, default: 0.5, description: least share of common addresses}
  min_shared: {type: UInt32, default: 2, description: least number of common addresses; one may be chance}
  keys_per_source_ip_max: {type: UInt32, default: 50, description: addresses of more keys than these are left out}
  ipv6_prefix: {type: UInt8, default: 64, description: bits of an address of IPv6 that tell one place from another}
  key_id: {type: String, default: "", description: only pairs with a key of this name}
  account_id: {type: String, default: "", description: only keys of this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the one key, or of its requests where the registry does not know it
  key_id: the one key
  owner: its owner; empty where it is not known
  other_account_id: account of the other key
  other_key_id: the other key
  other_owner: its owner; empty where it is not known
  same_owner: whether both have one owner that is known
  shared: {unit: addresses, description: used with both keys}
  source_ips: {unit: addresses, description: used with the one key}
  other_source_ips: {unit: addresses, description: used with the other key}
  of_either: {unit: addresses, description: used with either key}
  jaccard: {unit: share, description: common addresses among those of either key}
  shared_networks: named networks that held common addresses when they were used
  shared_source_ips: common addresses; ten at most
tags: [investigation, key, source-ip, sharing]
chart: {kind: bar, x: key_id, y: jaccard, by: other_key_id}
*/
WITH
    uses AS (
        SELECT
            if(key_account_id = '', account_id, key_account_id) AS home,
            key_id,
            owner,
            network,
            event_time,
            if(
                source_ip >= toIPv6('::ffff:0.0.0.0') AND source_ip <= toIPv6('::ffff:255.255.255.255'),
                source_ip,
                IPv6CIDRToRange(source_ip, {ipv6_prefix:UInt8}).1
            ) AS place
        FROM activity
        WHERE key_id != '' AND source_ip != toIPv6('::')
            AND (auth_result != 'failure' OR auth_reason = 'source-ip-not-allowed')
            AND ({account_id:String} = '' OR home = {account_id:String})
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND event_time <= {now:DateTime64(3, 'UTC')}
    ),
    -- A key is known by its place in this list: pairs of numbers are a tenth of what pairs of names would be.
    (
        SELECT arraySort(groupArray((home, key_id, latest_owner, places)))
        FROM
        (
            SELECT home, key_id, argMax(owner, event_time) AS latest_owner, groupUniqArray(place) AS places
            FROM uses
            GROUP BY home, key_id
        )
    ) AS all_keys,
    users AS (
        SELECT place, arraySort(groupArray(number)) AS numbers, length(numbers) <= {keys_per_source_ip_max:UInt32} AS tells
        FROM
        (
            SELECT number, arrayJoin(all_keys[number].4) AS place
            FROM (SELECT arrayJoin(arrayEnumerate(all_keys)) AS number)
        )
        GROUP BY place
    ),
    (
        SELECT arrayMap(one -> one.2, arraySort(groupArray((number, size))))
        FROM (SELECT arrayJoin(numbers) AS number, countIf(tells) AS size FROM users GROUP BY number)
    ) AS sizes,
    arrayMap(key -> {key_id:String} = '' OR key.2 = {key_id:String}, all_keys) AS wanted,
    pairs AS (
        SELECT bitShiftRight(pair, 32) AS one, bitAnd(pair, 4294967295) AS other, count() AS shared
        FROM
        (
            SELECT arrayJoin(arrayFlatten(arrayMap(
                (first, at) -> arrayMap(
                    second -> bitShiftLeft(toUInt64(first), 32) + second,
                    arrayFilter(second -> wanted[first] OR wanted[second], arraySlice(numbers, at + 1))
                ),
                numbers, arrayEnumerate(numbers)
            ))) AS pair
            FROM users
            WHERE tells
        )
        GROUP BY pair
        HAVING shared >= greatest(1, {min_shared:UInt32})
            AND shared >= {min_jaccard:Float64} * (sizes[one] + sizes[other] - shared)
    ),
    held AS (
        SELECT place, arraySort(groupUniqArrayIf(network, network != '')) AS networks
        FROM uses
        GROUP BY place
    )
SELECT
    all_keys[one].1 AS account_id,
    all_keys[one].2 AS key_id,
    all_keys[one].3 AS owner,
    all_keys[other].1 AS other_account_id,
    all_keys[other].2 AS other_key_id,
    all_keys[other].3 AS other_owner,
    toBool(owner != '' AND owner = other_owner) AS same_owner,
    common.shared AS shared,
    sizes[one] AS source_ips,
    sizes[other] AS other_source_ips,
    source_ips + other_source_ips - shared AS of_either,
    shared / of_either AS jaccard,
    arrayDistinct(arraySort(arrayFlatten(groupArray(held.networks)))) AS shared_networks,
    arraySlice(arraySort(groupArray(held.place)), 1, 10) AS shared_source_ips
FROM
(
    SELECT one, other, shared, arrayJoin(arrayIntersect(all_keys[one].4, all_keys[other].4)) AS place
    FROM pairs
) AS common
INNER JOIN held ON common.place = held.place
WHERE common.place IN (SELECT place FROM users WHERE tells)
GROUP BY one, other, shared
ORDER BY jaccard DESC, shared DESC, account_id, key_id, other_account_id, other_key_id
