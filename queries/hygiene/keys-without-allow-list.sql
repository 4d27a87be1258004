/*
title: Keys without an allow list
question: Which active keys can be used from anywhere, since when, and from how many addresses are they used?
description: >
  Keys that the registry says are active now and have no allow list. With include_unknown also those whose list nobody
  ever told: they may have one. Requests and addresses are those of the range up to the moment of asking that were not
  turned away; what an earlier key of the same name did is not counted. key-by-source-ip shows the addresses, to make a
  list of.
params:
  include_unknown: {type: Bool, default: false, description: also keys whose list nobody ever told}
  account_id: {type: String, default: "", description: only keys of this account}
  from: {type: "DateTime64(3, 'UTC')", description: uses at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: uses before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key now; empty where it is not known
  app: app that the registry assigns to the key
  allow_list_state: "none: no restriction; unknown: never learned"
  since: since when that is so, as far as the registry knows
  requests: {unit: requests, description: uses in the range}
  source_ips: {unit: addresses, description: distinct addresses of these uses}
  last_used: time of the last of these uses; NULL when there is none
tags: [hygiene, key, allow-list]
chart: {kind: bar, x: key_id, y: source_ips}
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    keys AS (
        SELECT
            account_id, key_id, ifNull(owner, '') AS owner, ifNull(app, '') AS app, list_state AS allow_list_state,
            greatest(known_since, if(list_state = 'none', not_none_until, not_unknown_until)) AS since,
            begins_at
        FROM
        (
            SELECT
                *,
                ifNull(toString(allow_list_state), 'unknown') AS list_state,
                valid_to <= asked_at AS is_past,
                maxIf(assumeNotNull(valid_to), is_past AND list_state != 'none') OVER life AS not_none_until,
                maxIf(assumeNotNull(valid_to), is_past AND list_state != 'unknown') OVER life AS not_unknown_until
            FROM registry_key_lives
            WINDOW life AS (PARTITION BY account_id, key_id, incarnation)
        )
        WHERE state = 'active'
            AND (list_state = 'none' OR (list_state = 'unknown' AND {include_unknown:Bool}))
            AND valid_from <= asked_at AND (valid_to IS NULL OR valid_to > asked_at)
            AND ({account_id:String} = '' OR account_id = {account_id:String})
    ),
    used AS (
        SELECT
            events.key_account_id AS account_id,
            events.key_id AS key_id,
            count() AS requests,
            uniqExactIf(events.source_ip, events.source_ip != toIPv6('::')) AS source_ips,
            toNullable(max(events.event_time)) AS used_at
        FROM activity AS events
        INNER JOIN keys ON keys.account_id = events.key_account_id AND keys.key_id = events.key_id
        WHERE events.key_id != '' AND events.auth_result != 'failure'
            AND events.event_time >= {from:DateTime64(3, 'UTC')} AND events.event_time < {to:DateTime64(3, 'UTC')}
            AND events.event_time <= asked_at
            AND events.event_time >= keys.begins_at
        GROUP BY account_id, key_id
    )
SELECT
    keys.account_id AS account_id,
    keys.key_id AS key_id,
    keys.owner AS owner,
    keys.app AS app,
    keys.allow_list_state AS allow_list_state,
    keys.since AS since,
    used.requests AS requests,
    used.source_ips AS source_ips,
    used.used_at AS last_used
FROM keys
LEFT JOIN used ON used.account_id = keys.account_id AND used.key_id = keys.key_id
ORDER BY allow_list_state, source_ips DESC, requests DESC, account_id, key_id
