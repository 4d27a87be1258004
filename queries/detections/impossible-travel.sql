/*
title: Key used from places too far apart
question: Which keys were used from two places between which nobody travels so fast?
description: >
  Only places whose coordinates are known, from the network data of the day. Each use is held against the one
  before it. A key that is used from everywhere at once is told of once a day.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [account_id, key_id]
  anchor: day
  history: history_hours
  runbook:
    - Ask the owner of the key for both places; a proxy or another region of a cloud is the usual reason.
    - If one is not theirs, revoke the key.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} was used from {from_ip} and from {to_ip}, {distance_km} km apart, within
    {minutes:minute}.
params:
  speed_kmh_min:
    type: UInt32
    default: 900
    description: km/h above which nobody travels
    reason: Panther takes 900, the speed of an airliner
  distance_km_min:
    type: UInt32
    default: 500
    description: distance in km below which places are one
    reason: network data place an address in a city that may be hundreds of kilometres away
  history_hours:
    type: UInt32
    default: 24
    description: how long before a use the one before it may lie
    reason: Panther keeps places for a day
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  from_ip: address before
  to_ip: address after
  distance_km: {unit: km, description: between the two}
  speed_kmh: {unit: km/h, description: that it would have taken}
  minutes: {unit: minutes, description: between the two}
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
WITH
    uses AS (
        SELECT
            if(seen.key_account_id = '', seen.account_id, seen.key_account_id) AS account_id, key_id, event_time,
                event_id, ingested_at, source_ip,
            latitude, longitude,
            event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
                AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)})) AS is_new
        FROM activity AS seen
        WHERE event_time >= {from:DateTime64(3, 'UTC')} - toIntervalHour({history_hours:UInt32})
            AND event_time < {to:DateTime64(3, 'UTC')} + toIntervalHour({history_hours:UInt32})
            AND key_id != '' AND auth_result = 'success' AND latitude IS NOT NULL AND longitude IS NOT NULL
    ),
    steps AS (
        SELECT
            account_id, key_id,
            (event_time, event_id, ingested_at, source_ip, latitude, longitude, is_new) AS here,
            lagInFrame(here) OVER (
                PARTITION BY account_id, key_id ORDER BY event_time, event_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW
            ) AS before,
            geoDistance(before.6, before.5, here.6, here.5) / 1000 AS km,
            greatest(dateDiff('millisecond', before.1, here.1), 1) / 3600000 AS hours
        FROM uses
        WHERE (account_id, key_id) IN (SELECT account_id, key_id FROM uses WHERE is_new)
    )
SELECT
    account_id,
    key_id,
    argMax(before.4, (km / hours, here.2)) AS from_ip,
    argMax(here.4, (km / hours, here.2)) AS to_ip,
    toUInt32(argMax(km, (km / hours, here.2))) AS distance_km,
    toUInt32(least(argMax(km / hours, (km / hours, here.2)), 1000000)) AS speed_kmh,
    toUInt32(argMax(hours, (km / hours, here.2)) * 60) AS minutes,
    toStartOfDay(here.1) AS anchor_at,
    min(before.1) AS first_seen,
    max(here.1) AS last_seen,
    max(greatest(before.3, here.3)) AS stored_until,
    count() AS events,
    arrayMap(event -> event.2, groupArraySorted(10)((here.1, here.2))) AS event_ids
FROM steps
WHERE before.2 != '' AND (here.7 OR before.7) AND km >= {distance_km_min:UInt32} AND km / hours > {speed_kmh_min:UInt32}
    AND hours <= {history_hours:UInt32}
GROUP BY account_id, key_id, anchor_at
ORDER BY last_seen DESC, account_id, key_id, anchor_at
