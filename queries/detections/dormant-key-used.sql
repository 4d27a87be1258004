/*
title: Dormant key used
question: Which keys were used again after a long time without a use?
description: >
  Requests that were let in count, before and after.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [account_id, key_id]
  anchor: month
  history: dormant_days
  runbook:
    - Ask the owner of the key what it was needed for again.
    - Delete the key if it is not needed, and make a new one if it is.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} was used from {source_ips} after {dormant:day} without a use.
params:
  dormant_days:
    type: UInt16
    default: 45
    description: days without a use
    reason: Prowler calls keys of AWS unused after 45 days
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  dormant: {unit: days, description: without a use}
  used_before: last use before
  source_ips: addresses, at most ten
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
WITH
    toDate({from:DateTime64(3, 'UTC')}) AS today,
    -- Keys that were used, and on none of the days before that would make it a short sleep.
    (
        SELECT groupArray(key_id)
        FROM
        (
            SELECT key_id, groupUniqArray(day) AS used_on
            FROM key_places
            WHERE day >= today - {dormant_days:UInt16} AND day <= toDate({to:DateTime64(3, 'UTC')})
            GROUP BY account_id, key_id, key_since
            HAVING arrayExists(
                one -> one >= today
                    AND NOT arrayExists(other -> other < one AND other > one - {dormant_days:UInt16} + 1, used_on),
                used_on
            )
        )
    ) AS sleepers,
    days AS (
        SELECT account_id, key_id, key_since, day, min(first_at) AS first_at, max(last_at) AS last_at
        FROM key_places
        WHERE notEmpty(sleepers) AND key_id IN (SELECT arrayJoin(sleepers))
        GROUP BY account_id, key_id, key_since, day
    ),
    awake AS (
        SELECT
            account_id, key_id, day, first_at,
            lagInFrame(last_at) OVER (
                PARTITION BY account_id, key_id, key_since ORDER BY day ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
            ) AS used_before
        FROM days
    ),
    odd AS (
        SELECT account_id, key_id, day, used_before, dateDiff('day', used_before, first_at) AS dormant
        FROM awake
        WHERE day >= toDate({from:DateTime64(3, 'UTC')}) AND day <= toDate({to:DateTime64(3, 'UTC')})
            AND used_before != toDateTime64(0, 3, 'UTC')
                AND used_before <= first_at - toIntervalDay({dormant_days:UInt16})
    )
SELECT
    odd.account_id AS account_id,
    odd.key_id AS key_id,
    argMax(owner, (event_time, event_id)) AS owner,
    argMax(app, (event_time, event_id)) AS app,
    any(odd.dormant) AS dormant,
    any(odd.used_before) AS used_before,
    arraySort(groupUniqArray(10)(source_ip)) AS source_ips,
    toDateTime(odd.day, 'UTC') AS anchor_at,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    max(ingested_at) AS stored_until,
    count() AS events,
    arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
FROM
(
    SELECT *, if(key_account_id = '', account_id, key_account_id) AS home
    FROM activity
    WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
        AND key_id IN (SELECT key_id FROM odd) AND auth_result = 'success'
) AS seen
INNER JOIN odd ON odd.account_id = seen.home AND odd.key_id = seen.key_id AND odd.day = toDate(seen.event_time)
GROUP BY account_id, key_id, odd.day
ORDER BY last_seen DESC, account_id, key_id, anchor_at
