/*
title: Old keys
question: Which active keys are older than they should be?
description: >
  Keys that the registry says are active now and that were made more than age_days ago. Where nobody said when a key was
  made, the earliest sign of it stands in: when the registry first knew it, or its first use before that; it may be
  older, and created_at is NULL. 90 days is the age at which the CIS benchmarks for AWS and Google Cloud, and Prowler
  with them, want a key replaced: whoever copied a secret unseen loses it then.
params:
  age_days: {type: UInt16, default: 90, description: "age in days; younger: not listed"}
  account_id: {type: String, default: "", description: only keys of this account}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key now; empty where it is not known
  app: app that the registry assigns to the key
  age_days: {unit: days, description: whole days that the key is there at least}
  exists_since: "when the key was made; where that is not known, the earliest sign of it"
  created_at: when the key was made; NULL where that is not known
  created_by: who made it; empty where that is not known
  last_used: time of the last request that was not turned away up to the moment of asking; NULL when there is none
tags: [hygiene, key]
chart: {kind: bar, x: key_id, y: age_days}
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    keys AS (
        SELECT
            account_id, key_id, ifNull(owner, '') AS owner, ifNull(app, '') AS app,
            created_at, ifNull(created_by, '') AS created_by, known_since, begins_at
        FROM registry_key_lives
        WHERE state = 'active'
            AND valid_from <= asked_at AND (valid_to IS NULL OR valid_to > asked_at)
            AND ({account_id:String} = '' OR account_id = {account_id:String})
    ),
    used AS (
        SELECT
            key_account_id,
            key_id,
            minOrNullIf(event_time, auth_result != 'failure') AS first_used_at,
            maxOrNullIf(event_time, auth_result != 'failure') AS used_at
        FROM activity
        WHERE key_id != '' AND event_time <= asked_at
        GROUP BY key_account_id, key_id
    )
SELECT
    keys.account_id AS account_id,
    keys.key_id AS key_id,
    keys.owner AS owner,
    keys.app AS app,
    age('day', exists_since, asked_at) AS age_days,
    if(
        keys.begins_at = toDateTime64(0, 3, 'UTC'),
        least(keys.known_since, ifNull(used.first_used_at, keys.known_since)),
        keys.begins_at
    ) AS exists_since,
    keys.created_at AS created_at,
    keys.created_by AS created_by,
    if(used.used_at >= keys.begins_at, used.used_at, NULL) AS last_used
FROM keys
LEFT JOIN used ON used.key_account_id = keys.account_id AND used.key_id = keys.key_id
WHERE exists_since < asked_at - toIntervalDay({age_days:UInt16})
ORDER BY exists_since, account_id, key_id
