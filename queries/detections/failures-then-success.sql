/*
title: Refused many times, and then let in
question: From which addresses was somebody refused many times and then let in?
description: >
  As it looks when guessing was successful. Failures and success lie in one window, the last failure before the
  success.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [source_ip]
  anchor: day
  window: window_minutes
  runbook:
    - Ask the owner of the key that was let in whether the attempts were theirs.
    - If not, revoke that key, and look at what was done with it.
  references: [T1110]
  summary: >
    {source_ip}[ of {as_name}][ in {country}] was refused {failures:time} and then let in with key {key_id}.
params:
  failures_min:
    type: UInt32
    default: 5
    description: failures within a window, before the success
    reason: Panther alerts on 5 within 30 minutes, Chronicle on more than 3 within 15
  window_minutes:
    type: UInt32
    default: 30
    description: length of a window in minutes
    reason: as Panther does
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  source_ip: address that the requests came from
  key_id: key that was let in; empty where none was named
  failures: {unit: requests, description: refused before it}
  let_in_at: when it was let in
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
            event_time, event_id, ingested_at, as_name, country, auth_result, key_id,
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
            HAVING max(is_new) AND countIf(auth_result = 'failure') >= {failures_min:UInt32}
                AND countIf(auth_result = 'success') > 0
        )
    ) AS suspects
SELECT
    source_ip,
    argMaxIf(used.key_id, (event_time, event_id), auth_result = 'success') AS key_id,
    arrayCount(
        at -> at < let_in_at,
        groupArrayIf(10000)(event_time, auth_result = 'failure')
    ) AS failures,
    maxIf(event_time, auth_result = 'success') AS let_in_at,
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
HAVING max(is_new) AND countIf(auth_result = 'success') > 0 AND failures >= {failures_min:UInt32}
ORDER BY last_seen DESC, source_ip, anchor_at
