/*
title: Key in many countries at once
question: Which keys were used from several countries within a short time?
description: >
  One person is in one country, and a job that runs in several has a key for each. Requests that were let in
  count, from addresses whose country is known.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [account_id, key_id]
  anchor: day
  window: window_minutes
  runbook:
    - Ask the owner of the key whether jobs in several regions share it, and give each its own.
    - If not, revoke it - somebody else has it as well.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} was used from {countries_seen} countries within {minutes:minute}
    ({countries}).
params:
  countries_min:
    type: UInt32
    default: 3
    description: countries within a window
    reason: Chronicle alerts on more than 2 countries within an hour
  window_minutes:
    type: UInt32
    default: 60
    description: length of a window in minutes
    reason: as Chronicle does
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  countries_seen: {unit: countries, description: how many}
  countries: which, at most ten
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
            if(seen.key_account_id = '', seen.account_id, seen.key_account_id) AS account_id, key_id,
            event_time, event_id, ingested_at, country,
            event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
                AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)})) AS is_new
        FROM activity AS seen
        WHERE event_time >= {from:DateTime64(3, 'UTC')} - toIntervalMinute({window_minutes:UInt32})
            AND event_time < {to:DateTime64(3, 'UTC')} + toIntervalMinute({window_minutes:UInt32})
            AND key_id != '' AND country != '' AND auth_result = 'success'
    ),
    -- Who has too few in all of that time has too few in each window: nearly all end here, before anything is
    -- multiplied.
    (
        SELECT groupArray((account_id, key_id))
        FROM
        (
            SELECT account_id, key_id
            FROM uses
            GROUP BY account_id, key_id
            HAVING max(is_new) AND uniqExact(country) >= {countries_min:UInt32}
        )
    ) AS suspects
SELECT
    account_id, key_id,
    uniqExact(country) AS countries_seen,
    arraySlice(arraySort(groupUniqArray(country)), 1, 10) AS countries,
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
    WHERE notEmpty(suspects) AND (account_id, key_id) IN (SELECT one.1, one.2 FROM (SELECT arrayJoin(suspects) AS one))
) AS used
GROUP BY account_id, key_id, window_at
HAVING max(is_new) AND uniqExact(country) >= {countries_min:UInt32}
ORDER BY last_seen DESC, account_id, key_id, anchor_at
