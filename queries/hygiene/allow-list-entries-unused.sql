/*
title: Unused entries of allow lists
question: Which ranges of the keys' allow lists were not used, or only in part, and what would be a tighter list?
description: >
  One row per active key and entry of its present list that could be narrower: "remove" where no use in the range of
  time came from inside the entry, "narrow" where all of them came from a smaller range, which stands in tightest.
  Entries that are not listed are used to their edges and stay as they are. A use is a request that was not turned away,
  up to the moment of asking; what an earlier key of the same name did is not counted, and an address within two entries
  counts for both. The suggestion looks back and knows nothing of plans: choose a range of time that holds whatever runs
  rarely, and see key_requests, which is 0 for a key that was not used at all.
params:
  account_id: {type: String, default: "", description: only keys of this account}
  key_id: {type: String, default: "", description: only this key}
  owner: {type: String, default: "", description: only keys of this owner}
  from: {type: "DateTime64(3, 'UTC')", description: uses at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: uses before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key now; empty where it is not known
  app: app that the registry assigns to the key
  entry: the range of addresses as it stands in the list
  suggestion: remove or narrow
  tightest: the smallest range that holds every address that was used; empty where none was
  requests: {unit: requests, description: uses from inside the entry}
  source_ips: {unit: addresses, description: distinct addresses of these uses}
  used_source_ips: "the first twenty of these addresses, in order"
  last_used: time of the last of these uses; NULL where there is none
  refused: {unit: requests, description: requests from inside the entry that were turned away; they are no uses}
  key_requests: {unit: requests, description: "uses of the key in the range of time, from any address"}
tags: [hygiene, key, allow-list, source-ip]
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    keys AS (
        SELECT
            account_id, key_id, ifNull(owner, '') AS owner, ifNull(app, '') AS app, allow_list, begins_at
        FROM registry_key_lives
        WHERE state = 'active' AND allow_list_state = 'defined'
            AND valid_from <= asked_at AND (valid_to IS NULL OR valid_to > asked_at)
            AND ({account_id:String} = '' OR account_id = {account_id:String})
            AND ({key_id:String} = '' OR key_id = {key_id:String})
            AND ({owner:String} = '' OR owner = {owner:String})
    ),
    used AS (
        SELECT
            events.key_account_id AS account_id,
            events.key_id AS key_id,
            events.source_ip AS ip,
            -- Addresses of IPv4 are stored in ::ffff:0:0/96, and no range of IPv6 holds them.
            ip >= toIPv6('::ffff:0.0.0.0') AND ip <= toIPv6('::ffff:255.255.255.255') AS ip_is_ipv4,
            countIf(events.auth_result != 'failure') AS uses,
            countIf(events.auth_result = 'failure') AS refusals,
            maxIf(events.event_time, events.auth_result != 'failure') AS used_at
        FROM activity AS events
        INNER JOIN keys ON keys.account_id = events.key_account_id AND keys.key_id = events.key_id
        WHERE events.key_id != ''
            AND ({key_id:String} = '' OR events.key_id = {key_id:String})
            AND events.event_time >= {from:DateTime64(3, 'UTC')} AND events.event_time < {to:DateTime64(3, 'UTC')}
            AND events.event_time <= asked_at
            AND events.event_time >= keys.begins_at
        GROUP BY account_id, key_id, ip
    ),
    entries AS (
        SELECT
            account_id, key_id, owner, app, entry,
            position(entry, ':') = 0 AS is_ipv4,
            toUInt8(splitByChar('/', entry)[2]) + if(is_ipv4, 96, 0) AS bits,
            IPv6CIDRToRange(toIPv6(splitByChar('/', entry)[1]), toUInt8(bits)) AS ends
        FROM keys
        ARRAY JOIN allow_list AS entry
    ),
    judged AS (
        WITH
            used.ip_is_ipv4 = entries.is_ipv4 AND used.ip != toIPv6('::')
                AND used.ip >= entries.ends.1 AND used.ip <= entries.ends.2 AS is_inside,
            is_inside AND used.uses > 0 AS is_use
        SELECT
            entries.account_id AS account_id,
            entries.key_id AS key_id,
            entries.owner AS owner,
            entries.app AS app,
            entries.entry AS entry,
            entries.is_ipv4 AS is_ipv4,
            entries.bits AS bits,
            sumIf(used.uses, is_inside) AS requests,
            countIf(is_use) AS source_ips,
            groupArraySortedIf(20)(used.ip, is_use) AS used_source_ips,
            minIf(used.ip, is_use) AS first_ip,
            maxIf(used.ip, is_use) AS last_ip,
            maxOrNullIf(used.used_at, is_use) AS last_used,
            sumIf(used.refusals, is_inside) AS refused,
            sum(used.uses) AS key_requests,
            -- The first and the last address that were used have all bits in common that any two of them have.
            arrayLast(
                size -> IPv6CIDRToRange(first_ip, toUInt8(size)).1 = IPv6CIDRToRange(last_ip, toUInt8(size)).1,
                range(129)
            ) AS tightest_bits,
            IPv6NumToString(IPv6CIDRToRange(first_ip, toUInt8(tightest_bits)).1) AS tightest_from
        FROM used
        RIGHT JOIN entries ON entries.account_id = used.account_id AND entries.key_id = used.key_id
        GROUP BY
            entries.account_id, entries.key_id, entries.owner, entries.app,
            entries.entry, entries.is_ipv4, entries.bits
    )
SELECT
    account_id,
    key_id,
    owner,
    app,
    entry,
    if(source_ips = 0, 'remove', 'narrow') AS suggestion,
    multiIf(
        source_ips = 0, '',
        is_ipv4, concat(substring(tightest_from, 8), '/', tightest_bits - 96),
        concat(tightest_from, '/', tightest_bits)
    ) AS tightest,
    requests,
    source_ips,
    used_source_ips,
    last_used,
    refused,
    key_requests
FROM judged
WHERE source_ips = 0 OR tightest_bits > bits
ORDER BY account_id, key_id, indexOf(['remove', 'narrow'], suggestion), entry
