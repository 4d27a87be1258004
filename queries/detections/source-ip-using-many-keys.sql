/*
title: One address using many keys
question: Which addresses used many keys, or keys of many apps, within a short time?
description: >
  As somebody does who has found a store of keys. Named networks are left out, because an office or a runner has
  one address for many.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [source_ip]
  anchor: day
  depends_on: [networks, apps]
  window: window_minutes
  runbook:
    - Find out what stands at the address with ip-timeline; name its network if it is a gateway of yours.
    - If nobody knows it, revoke the keys that it used.
  references: [T1078.004, T1552]
  summary: >
    {source_ip}[ of {as_name}][ in {country}] used {keys_seen:key} of {apps_seen:app} within {minutes:minute}
    ({keys}).
params:
  keys_min:
    type: UInt32
    default: 5
    description: keys within a window
    reason: no peer has a threshold; five are more than a person needs within an hour
  apps_min:
    type: UInt32
    default: 3
    description: apps within a window; either suffices
    reason: one machine serves one or two
  named_networks:
    type: Bool
    default: false
    description: look at named networks as well
    reason: a gateway is one address for many
  window_minutes:
    type: UInt32
    default: 60
    description: length of a window in minutes
    reason: a job that walks through its keys takes less
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  source_ip: address that the requests came from
  keys_seen: {unit: keys, description: how many}
  keys: which, at most ten
  apps_seen: {unit: apps, description: how many}
  as_name: who announces the address
  country: country of the address
  minutes: {unit: minutes, description: between the first and the last event}
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
WITH
    -- Windows begin every sixth of their length, so what happens within five sixths of one is seen in one of them.
    greatest(1, intDiv({window_minutes:UInt32}, 6)) AS hop,
    uses AS (
        SELECT
            source_ip,
            event_time, event_id, ingested_at, seen.account_id AS account, key_id, app, as_name, country,
            event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
                AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)})) AS is_new
        FROM activity AS seen
        WHERE event_time >= {from:DateTime64(3, 'UTC')} - toIntervalMinute({window_minutes:UInt32})
            AND event_time < {to:DateTime64(3, 'UTC')} + toIntervalMinute({window_minutes:UInt32})
            AND key_id != '' AND source_ip != toIPv6('::') AND auth_result = 'success'
            AND (network_kind IN ('', 'reserved') OR {named_networks:Bool})
    ),
    -- Who has too few in all of that time has too few in each window: nearly all end here, before anything is
    -- multiplied.
    (
        SELECT groupArray(source_ip)
        FROM
        (
            SELECT source_ip
            FROM uses
            GROUP BY source_ip
            HAVING max(is_new) AND (uniqExact(account, key_id) >= {keys_min:UInt32} OR uniqExactIf(app,
                app != '') >= {apps_min:UInt32})
        )
    ) AS suspects
SELECT
    source_ip,
    uniqExact(account, key_id) AS keys_seen,
    arraySlice(arraySort(groupUniqArray(toString(key_id))), 1, 10) AS keys,
    uniqExactIf(app, app != '') AS apps_seen,
    argMax(used.as_name, (event_time, event_id)) AS as_name,
    argMax(used.country, (event_time, event_id)) AS country,
    dateDiff('minute', first_seen, last_seen) AS minutes,
    window_at AS anchor_at,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    max(ingested_at) AS stored_until,
    count() AS events,
    arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
FROM
(
    SELECT
        *,
        arrayJoin(arrayMap(
            step -> toStartOfInterval(event_time, toIntervalMinute(hop)) - toIntervalMinute(step * hop), range(6)
        )) AS window_at
    FROM uses
    WHERE notEmpty(suspects) AND source_ip IN (SELECT arrayJoin(suspects))
) AS used
GROUP BY source_ip, window_at
HAVING max(is_new) AND (keys_seen >= {keys_min:UInt32} OR apps_seen >= {apps_min:UInt32})
ORDER BY last_seen DESC, source_ip, anchor_at
