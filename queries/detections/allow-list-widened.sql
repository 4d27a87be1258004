/*
title: Allow list widened or removed
question: Which allow lists were widened or removed?
description: >
  Asked of each key of which the registry learned something. Of ranges that are new in a list those count that no range of the list
  before holds.
detection:
  version: 2
  severity: medium
  raises: alert
  entity: [account_id, key_id]
  anchor: hour
  trigger: registry
  runbook:
    - Ask the owner of the key who widened it and why.
    - If nobody did, set the list back, and look for who may change keys with resource-changes.
  references: [T1562.007]
  summary: >
    The allow list of key {key_id} of account {account_id} was {change} at {first_seen} ({added} were added to
    {list_before}).
params:
  keys: {type: Array(String), default: [], description: only these keys; none for all keys}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  owner: owner of the key; empty where it is not known
  change: widened or removed
  added: ranges that are new
  list_before: the list before
  list_now: the list from then on
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: none - no request shows it}
  event_ids: none
tags: [detection]
*/
SELECT
    account_id,
    key_id,
    owner,
    if(list_state = 'none', 'removed', 'widened') AS change,
    added, list_before, list_now,
    valid_from AS anchor_at,
    valid_from AS first_seen,
    valid_from AS last_seen,
    recorded_at AS stored_until,
    toUInt64(0) AS events,
    CAST([], 'Array(String)') AS event_ids
FROM
(
    SELECT
        account_id, key_id, ifNull(owner, '') AS owner, valid_from, recorded_at,
        ifNull(toString(allow_list_state), 'unknown') AS list_state,
        allow_list AS list_now,
        arrayZip(allow_list_from, allow_list_to) AS ranges,
        lagInFrame(list_state) OVER life AS state_before,
        lagInFrame(allow_list) OVER life AS list_before,
        lagInFrame(ranges) OVER life AS ranges_before,
        arrayFilter(range -> NOT arrayExists(old -> old.1 <= range.1
            AND old.2 >= range.2, ranges_before), ranges) AS fresh,
        arrayFilter(text -> NOT has(list_before, text), list_now) AS added
    FROM registry_key_versions
    WHERE key_id IN {keys:Array(String)} OR empty({keys:Array(String)})
    WINDOW life AS (
        PARTITION BY account_id, key_id, incarnation ORDER BY valid_from ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
    )
)
WHERE state_before = 'defined' AND (list_state = 'none' OR (list_state = 'defined' AND notEmpty(fresh)))
ORDER BY first_seen DESC, account_id, key_id
