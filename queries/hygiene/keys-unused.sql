/*
title: Unused keys
question: Which active keys were not used for a long time?
description: >
  Keys that the registry says are active now, that were used once, and whose last use is more than unused_days ago. A
  use is a request that was not turned away: tries with the key's name that failed to authenticate are no use, and show
  as last_refused. A request later than the moment of asking is no use either. What an earlier key of the same name did
  is not counted. Keys without any use are in keys-never-used. 45, 90 and 180 days are the limits that Prowler checks
  for AWS, Microsoft 365 and Google Cloud; the strictest of them is the default.
params:
  unused_days: {type: UInt16, default: 45, description: "days without a use; shorter: not listed"}
  account_id: {type: String, default: "", description: only keys of this account}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key now; empty where it is not known
  app: app that the registry assigns to the key
  days_unused: {unit: days, description: whole days since the last use}
  exceeds_days: {unit: days, description: "the greatest of 45, 90 and 180 that is exceeded, 0 for none"}
  last_used: time of the last use up to the moment of asking
  last_source_ip: address of the last use
  last_refused: time of the last request with this key that was turned away
  created_at: when the key was made; NULL where that is not known
tags: [hygiene, key]
chart: {kind: bar, x: key_id, y: days_unused}
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    keys AS (
        SELECT
            account_id, key_id, ifNull(owner, '') AS owner, ifNull(app, '') AS app, created_at, begins_at
        FROM registry_key_lives
        WHERE state = 'active'
            AND valid_from <= asked_at AND (valid_to IS NULL OR valid_to > asked_at)
            AND ({account_id:String} = '' OR account_id = {account_id:String})
    ),
    used AS (
        SELECT
            key_account_id,
            key_id,
            maxOrNullIf(event_time, auth_result != 'failure') AS used_at,
            argMaxIf(source_ip, (event_time, source_ip), auth_result != 'failure') AS used_from,
            maxOrNullIf(event_time, auth_result = 'failure') AS refused_at
        FROM activity
        WHERE key_id != '' AND event_time <= asked_at
        GROUP BY key_account_id, key_id
    )
SELECT
    keys.account_id AS account_id,
    keys.key_id AS key_id,
    keys.owner AS owner,
    keys.app AS app,
    age('day', assumeNotNull(used.used_at), asked_at) AS days_unused,
    arrayMax(arrayFilter(days -> used.used_at < asked_at - toIntervalDay(days), [0, 45, 90, 180])) AS exceeds_days,
    used.used_at AS last_used,
    used.used_from AS last_source_ip,
    if(used.refused_at >= keys.begins_at, used.refused_at, NULL) AS last_refused,
    keys.created_at AS created_at
FROM keys
INNER JOIN used ON used.key_account_id = keys.account_id AND used.key_id = keys.key_id
WHERE used.used_at >= keys.begins_at
    AND used.used_at < asked_at - toIntervalDay({unused_days:UInt16})
ORDER BY last_used, account_id, key_id
