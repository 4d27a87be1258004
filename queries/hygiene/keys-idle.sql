/*
title: Keys without a use in a range
question: Which active keys were not used in this range of time, and may they be used from everywhere?
description: >
  Keys that the registry says are active at the moment of asking, without a request in the range that was not turned
  away. That a key was not used for a while is no fault by itself: keys-unused says which of them were not used for too
  long, and keys-never-used which never were.
params:
  account_id: {type: String, default: "", description: only keys of this account}
  owner: {type: String, default: "", description: only keys of this owner}
  from: {type: "DateTime64(3, 'UTC')", description: uses at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: uses before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key now; empty where it is not known
  app: app that the registry assigns to the key
  allow_list_state: "defined, none, or unknown"
  created_at: when the key was made; NULL where that is not known
  known_since: since when the registry knows the key
tags: [hygiene, key]
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    used AS (
        SELECT DISTINCT key_account_id AS account_id, key_id
        FROM activity
        WHERE key_id != '' AND auth_result != 'failure' AND event_time <= asked_at
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    )
SELECT
    keys.account_id AS account_id,
    keys.key_id AS key_id,
    ifNull(keys.owner, '') AS owner,
    ifNull(keys.app, '') AS app,
    ifNull(toString(keys.allow_list_state), 'unknown') AS allow_list_state,
    keys.created_at AS created_at,
    keys.known_since AS known_since
FROM registry_key_lives AS keys
LEFT ANTI JOIN used ON used.account_id = keys.account_id AND used.key_id = keys.key_id
WHERE keys.state = 'active' AND keys.valid_from <= asked_at AND (keys.valid_to IS NULL OR keys.valid_to > asked_at)
    AND ({account_id:String} = '' OR keys.account_id = {account_id:String})
    AND ({owner:String} = '' OR ifNull(keys.owner, '') = {owner:String})
ORDER BY owner, account_id, key_id
