/*
title: Many keys refused from one address
question: From which addresses were many keys or people refused within a short time?
description: >
  As somebody does who tries what was found or guessed. A request that names neither counts as one of its own.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [source_ip]
  anchor: day
  window: window_minutes
  runbook:
    - Look at what succeeded from the address with ip-timeline; that first.
    - Refuse the address before the API if nobody knows it.
  references: [T1110.003, T1110.004]
  summary: >
    {source_ip}[ of {as_name}][ in {country}] was refused {failures:time} with {refused_seen} keys or names;
    {allowed_seen} were let in.
params:
  refused_min:
    type: UInt32
    default: 5
    description: keys or names refused within a window
    reason: Sentinel alerts on 5 within 20 minutes
  window_minutes:
    type: UInt32
    default: 20
    description: length of a window in minutes
    reason: as Sentinel does
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  source_ip: address that the requests came from
  refused_seen: {unit: keys, description: how many keys or names were refused}
  refused: which, at most ten
  allowed_seen: {unit: keys, description: how many were let in}
  failures: {unit: requests, description: how many were refused}
  as_name: who announces the address
  country: country of the address
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
            event_time, event_id, ingested_at, as_name, country, auth_result,
            multiIf(key_id != '', toString(key_id), principal_email != '', principal_email, concat('(', request_id,
                ')')) AS who,
            event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
                AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)})) AS is_new
        FROM activity AS seen
        WHERE event_time >= {from:DateTime64(3, 'UTC')} - toIntervalMinute({window_minutes:UInt32})
            AND event_time < {to:DateTime64(3, 'UTC')} + toIntervalMinute({window_minutes:UInt32})
            AND source_ip != toIPv6('::') AND auth_result != 'unknown'
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
            HAVING max(is_new) AND uniqExactIf(who, auth_result = 'failure') >= {refused_min:UInt32}
        )
    ) AS suspects
SELECT
    source_ip,
    uniqExactIf(who, auth_result = 'failure') AS refused_seen,
    arraySlice(arraySort(groupUniqArrayIf(who, auth_result = 'failure')), 1, 10) AS refused,
    uniqExactIf(who, auth_result = 'success') AS allowed_seen,
    countIf(auth_result = 'failure') AS failures,
    argMax(used.as_name, (event_time, event_id)) AS as_name,
    argMax(used.country, (event_time, event_id)) AS country,
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
HAVING max(is_new) AND refused_seen >= {refused_min:UInt32} AND refused_seen > allowed_seen
ORDER BY last_seen DESC, source_ip, anchor_at
