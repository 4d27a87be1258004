/*
title: Keys never used
question: Which active keys were never used?
description: >
  Keys that the registry says are active now, and of which no record shows a use: a request that was not turned away, up
  to the moment of asking. What an earlier key of the same name did is not counted. Records tell only of the time that
  they cover: days_watched says for how long a use would have been seen.
params:
  account_id: {type: String, default: "", description: only keys of this account}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key now; empty where it is not known
  app: app that the registry assigns to the key
  purpose: what it is for; empty where nobody said so
  created_at: when the key was made; NULL where that is not known
  created_by: who made it; empty where that is not known
  known_since: since when the registry knows the key
  records_since: time of the first record that names a key of the account; NULL when there is none
  days_watched: {unit: days, description: whole days since both key and records are there; NULL without records}
  last_refused: time of the last request with this key that was turned away
tags: [hygiene, key]
chart: {kind: bar, x: key_id, y: days_watched}
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    keys AS (
        SELECT
            account_id, key_id, ifNull(owner, '') AS owner, ifNull(app, '') AS app, ifNull(purpose, '') AS purpose,
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
            maxOrNullIf(event_time, auth_result != 'failure') AS used_at,
            maxOrNullIf(event_time, auth_result = 'failure') AS refused_at
        FROM activity
        WHERE key_id != '' AND event_time <= asked_at
        GROUP BY key_account_id, key_id
    ),
    records AS (
        SELECT account_id, toNullable(min(event_time)) AS since
        FROM activity
        WHERE key_id != '' AND event_time <= asked_at
            AND ({account_id:String} = '' OR account_id = {account_id:String})
        GROUP BY account_id
    )
SELECT
    keys.account_id AS account_id,
    keys.key_id AS key_id,
    keys.owner AS owner,
    keys.app AS app,
    keys.purpose AS purpose,
    keys.created_at AS created_at,
    keys.created_by AS created_by,
    keys.known_since AS known_since,
    records.since AS records_since,
    if(
        records.since IS NULL,
        NULL,
        age('day', greatest(ifNull(keys.created_at, keys.known_since), assumeNotNull(records.since)), asked_at)
    ) AS days_watched,
    if(used.refused_at >= keys.begins_at, used.refused_at, NULL) AS last_refused
FROM keys
LEFT JOIN used ON used.key_account_id = keys.account_id AND used.key_id = keys.key_id
LEFT JOIN records ON records.account_id = keys.account_id
WHERE used.used_at IS NULL OR used.used_at < keys.begins_at
ORDER BY days_watched DESC NULLS LAST, account_id, key_id
