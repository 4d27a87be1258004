/*
title: Keys used after their end
question: Which keys were tried after they had been deleted or revoked, and were they let in?
description: >
  One row per key that had ended, with what was asked with its name in the range while it was so: until a key of that
  name is made again, which is another one. "allowed" ought to be 0: it counts requests that were authenticated all the
  same, and is listed first. Owner is the one of the end. Requests so close to the end that the clocks cannot order them
  are left out, and verdict-summary counts them as not-evaluable.
params:
  account_id: {type: String, default: "", description: only keys of this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key when it ended; empty where it is not known
  state: deleted or revoked
  ended_at: when it ended
  requests: {unit: requests, description: requests with its name after that}
  allowed: {unit: requests, description: those of them that were authenticated}
  refused: {unit: requests, description: those of them that were turned away}
  source_ips: {unit: addresses, description: distinct addresses}
  first_tried: time of the first request after the end
  last_tried: time of the last request after the end up to the moment of asking
  last_allowed: time of the last one that was authenticated up to the moment of asking; NULL when there is none
tags: [hygiene, key, verdict]
chart: {kind: bar, x: key_id, y: requests}
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    tried AS (
        SELECT
            key_account_id, key_id, owner, key_state, source_ip, auth_result, event_time
        FROM activity
        WHERE key_id != '' AND key_state IN ('deleted', 'revoked')
            AND NOT has(verdict_missing, 'clock')
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    ),
    ended AS (
        SELECT account_id, key_id, incarnation, min(valid_from) AS ended_at
        FROM registry_key_versions
        WHERE state IN ('deleted', 'revoked')
            AND ({account_id:String} = '' OR account_id = {account_id:String})
        GROUP BY account_id, key_id, incarnation
    )
SELECT
    ended.account_id AS account_id,
    ended.key_id AS key_id,
    argMax(tried.owner, (tried.event_time, tried.owner)) AS owner,
    argMax(tried.key_state, (tried.event_time, tried.key_state)) AS state,
    ended.ended_at AS ended_at,
    count() AS requests,
    countIf(tried.auth_result = 'success') AS allowed,
    countIf(tried.auth_result = 'failure') AS refused,
    uniqExactIf(tried.source_ip, tried.source_ip != toIPv6('::')) AS source_ips,
    min(tried.event_time) AS first_tried,
    maxOrNullIf(tried.event_time, tried.event_time <= asked_at) AS last_tried,
    maxOrNullIf(tried.event_time, tried.auth_result = 'success' AND tried.event_time <= asked_at) AS last_allowed
FROM tried
ASOF INNER JOIN ended
    ON ended.account_id = tried.key_account_id AND ended.key_id = tried.key_id AND ended.ended_at <= tried.event_time
GROUP BY account_id, key_id, ended_at
ORDER BY allowed DESC, requests DESC, account_id, key_id, ended_at
