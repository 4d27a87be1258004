/*
title: Keys with a wide allow list
question: Which active keys have an allow list that holds a great part of the world?
description: >
  One row per key and entry of its present list that is wider than ipv4_prefix or ipv6_prefix. A /16 is the block of a
  large organisation, a /32 of IPv6 that of a provider: whatever is wider holds others too. 0.0.0.0/0 and ::/0 restrict
  nothing within their family, and neither holds an address of the other. Which of the entries are used, and what a
  tighter list would be, says allow-list-entries-unused.
params:
  ipv4_prefix: {type: UInt8, default: 16, description: entries of IPv4 with a shorter prefix than this are wide}
  ipv6_prefix: {type: UInt8, default: 32, description: entries of IPv6 with a shorter prefix than this are wide}
  account_id: {type: String, default: "", description: only keys of this account}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key now; empty where it is not known
  app: app that the registry assigns to the key
  entry: the range of addresses as it stands in the list
  prefix: {unit: bits, description: length of its prefix}
  addresses: {unit: addresses, description: how many it holds}
  is_everywhere: whether it holds every address of its family
  entries: {unit: entries, description: how many the whole list has}
  since: since when the present list holds, as far as the registry knows
tags: [hygiene, key, allow-list]
chart: {kind: bar, x: key_id, y: addresses}
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    stated AS (
        SELECT
            account_id, key_id, incarnation, valid_from, valid_to, state, owner, app, allow_list,
            row_number() OVER by_time = 1 OR allow_list != lagInFrame(allow_list) OVER by_time AS changes
        FROM registry_key_versions
        WHERE valid_from <= asked_at
            AND ({account_id:String} = '' OR account_id = {account_id:String})
        WINDOW by_time AS (
            PARTITION BY account_id, key_id, incarnation ORDER BY valid_from
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    ),
    keys AS (
        SELECT *, maxIf(valid_from, changes) OVER (PARTITION BY account_id, key_id, incarnation) AS since
        FROM stated
    )
SELECT
    account_id,
    key_id,
    ifNull(owner, '') AS owner,
    ifNull(app, '') AS app,
    range AS entry,
    toUInt8(splitByChar('/', entry)[2]) AS prefix,
    pow(2, if(position(entry, ':') = 0, 32, 128) - prefix) AS addresses,
    CAST(prefix = 0 AS Bool) AS is_everywhere,
    length(allow_list) AS entries,
    since
FROM keys
ARRAY JOIN allow_list AS range
WHERE state = 'active' AND (valid_to IS NULL OR valid_to > asked_at)
    AND prefix < if(position(entry, ':') = 0, {ipv4_prefix:UInt8}, {ipv6_prefix:UInt8})
ORDER BY is_everywhere DESC, prefix, account_id, key_id, entry
