/*
title: Keys of inactive owners
question: Which active keys belong to somebody who may not have them any more, and are they still used?
description: >
  Keys that the registry says are active now and whose owner, in the account of the key, is inactive now
  (owner-inactive) or has another role than owner (no-owner-role), which is what a key needs. Owners of whom the
  registry does not know it are not listed. A use is a request that was not turned away, up to the moment of asking;
  requests_since tells how often the key was used after its owner had lost it.
params:
  account_id: {type: String, default: "", description: only keys of this account}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key
  key_id: what records write to name the key
  owner: owner of the key now
  owner_name: name of the owner; empty where it is not known
  app: app that the registry assigns to the key
  reason: owner-inactive or no-owner-role
  owner_role: role of the owner now; empty where it is not known
  since: "since when that is so, as far as the registry knows"
  last_used: time of the last use; NULL when there is none
  last_source_ip: address of the last use
  requests_since: {unit: requests, description: uses since then}
tags: [hygiene, key, owner]
chart: {kind: bar, x: key_id, y: requests_since}
*/
WITH
    {now:DateTime64(3, 'UTC')} AS asked_at,
    owners AS (
        SELECT
            account_id, email, ifNull(name, '') AS name, ifNull(role, '') AS role,
            if(is_inactive, 'owner-inactive', 'no-owner-role') AS reason,
            greatest(known_since, if(is_inactive, active_until, owner_until)) AS since
        FROM
        (
            SELECT
                *,
                ifNull(NOT active, false) AS is_inactive,
                ifNull(role, '') NOT IN ('', 'owner') AS lacks_role,
                min(valid_from) OVER of_user AS known_since,
                valid_to <= asked_at AS is_past,
                maxIf(assumeNotNull(valid_to), is_past AND NOT is_inactive) OVER of_user AS active_until,
                maxIf(assumeNotNull(valid_to), is_past AND NOT lacks_role) OVER of_user AS owner_until
            FROM registry_user_versions
            WINDOW of_user AS (PARTITION BY account_id, email)
        )
        WHERE (is_inactive OR lacks_role)
            AND valid_from <= asked_at AND (valid_to IS NULL OR valid_to > asked_at)
            AND ({account_id:String} = '' OR account_id = {account_id:String})
    ),
    keys AS (
        SELECT
            lives.account_id AS account_id, lives.key_id AS key_id, ifNull(lives.owner, '') AS owner,
            owners.name AS owner_name, owners.role AS owner_role, owners.reason AS reason, owners.since AS since,
            ifNull(lives.app, '') AS app, lives.begins_at AS begins_at
        FROM registry_key_lives AS lives
        INNER JOIN owners ON owners.account_id = lives.account_id AND owners.email = lives.owner
        WHERE lives.state = 'active' AND lives.valid_from <= asked_at
            AND (lives.valid_to IS NULL OR lives.valid_to > asked_at)
    ),
    used AS (
        SELECT
            events.key_account_id AS account_id,
            events.key_id AS key_id,
            toNullable(max(events.event_time)) AS used_at,
            argMax(events.source_ip, (events.event_time, events.source_ip)) AS used_from,
            countIf(events.event_time >= keys.since) AS requests_since
        FROM activity AS events
        INNER JOIN keys ON keys.account_id = events.key_account_id AND keys.key_id = events.key_id
        WHERE events.key_id IN (SELECT key_id FROM keys) AND events.auth_result != 'failure'
            AND events.event_time <= asked_at AND events.event_time >= keys.begins_at
        GROUP BY account_id, key_id
    )
SELECT
    keys.account_id AS account_id,
    keys.key_id AS key_id,
    keys.owner AS owner,
    keys.owner_name AS owner_name,
    keys.app AS app,
    keys.reason AS reason,
    keys.owner_role AS owner_role,
    keys.since AS since,
    used.used_at AS last_used,
    used.used_from AS last_source_ip,
    used.requests_since AS requests_since
FROM keys
LEFT JOIN used ON used.account_id = keys.account_id AND used.key_id = keys.key_id
ORDER BY requests_since DESC, account_id, key_id
