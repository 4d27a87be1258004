/*
title: Key used at an unusual hour
question: Which keys were used in an hour of the week in which they never are?
description: >
  A week has 168 hours. What is usual is learned from the key itself, because keys are machines and know no office
  hours. Keys that are used most of the week have no unusual hours; an hour beside a usual one is not unusual.
detection:
  version: 1
  severity: low
  raises: signal
  entity: [account_id, key_id]
  anchor: day
  history: history_days
  interval_seconds: 300
  runbook:
    - Ask the owner whether a job was started by hand or moved.
    - Look at what it did with key-timeline.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} was used {events:time} in an hour of the week in which it had never been
    used; {usual_hours} of 168 hours are usual for it.
params:
  days_min:
    type: UInt16
    default: 14
    description: days with requests that are needed
    reason: each hour of the week has come twice
  usual_hours_max:
    type: UInt16
    default: 84
    description: usual hours above which a key is used around the clock
    reason: half of the week
  novel_share_max:
    type: Float64
    default: 0.1
    description: share of hours that are expected to be new of the week anyway, above which none is unusual
    reason: one of ten; by Good and Turing, how often an hour of the week that is new is to be expected of it anyway
  history_days:
    type: UInt16
    default: 90
    description: days before that are learned from
    reason: Panther learns from 90
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  usual_hours: {unit: hours, description: hours of the week in which it is used}
  days: {unit: days, description: days before with requests}
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
WITH
    touched AS (
        SELECT DISTINCT if(key_account_id = '', account_id, key_account_id) AS home, key_id,
            toStartOfHour(event_time) AS hour
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
            AND key_id != ''
    ),
    -- What is usual is the same for all hours of a day.
    days_touched AS (
        SELECT home, key_id, toStartOfDay(hour) AS today, groupArray(hour) AS hours_touched
        FROM touched
        GROUP BY home, key_id, today
    ),
    hours AS (
        SELECT account_id, key_id, hour, requests, auth_failures
        FROM key_hours FINAL
        WHERE (account_id, key_id) IN (SELECT home, key_id FROM touched)
            AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) - toIntervalDay({history_days:UInt16} + 1)
            AND hour < toStartOfHour({to:DateTime64(3, 'UTC')}) + toIntervalHour(1)
    ),
    (hour -> (toDayOfWeek(hour) - 1) * 24 + toHour(hour)) AS slot_of,
    used AS (SELECT account_id, key_id, groupArray(hour) AS all_hours FROM hours GROUP BY account_id, key_id),
    odd AS (
        SELECT
            account_id, key_id, usual_hours, days,
            arrayJoin(arrayFilter(
                hour -> NOT hasAny(slots, [
                    slot_of(hour), (slot_of(hour) + 1) % 168, (slot_of(hour) + 167) % 168
                ]),
                hours_touched
            )) AS hour
        FROM
        (
            SELECT
                days_touched.home AS account_id, days_touched.key_id AS key_id, hours_touched,
                arrayFilter(
                    earlier -> earlier < today AND earlier >= today - toIntervalDay({history_days:UInt16}),
                    used.all_hours
                ) AS before,
                arraySort(arrayMap(earlier -> slot_of(earlier), before)) AS all_slots,
                arrayCompact(all_slots) AS slots,
                length(slots) AS usual_hours,
                arrayUniq(arrayMap(earlier -> toDate(earlier), before)) AS days
            FROM days_touched
            INNER JOIN used ON used.account_id = days_touched.home AND used.key_id = days_touched.key_id
        )
        WHERE days >= {days_min:UInt16} AND usual_hours <= {usual_hours_max:UInt16}
            -- Of the sorted hours of the week those that differ from both neighbours: used in one week only.
            AND arrayCount(
                (slot, previous, next) -> slot != previous AND slot != next,
                all_slots,
                arraySlice(arrayPushFront(all_slots, -1), 1, length(all_slots)),
                arraySlice(arrayPushBack(all_slots, -1), 2)
            ) <= {novel_share_max:Float64} * length(all_slots)
    )
SELECT
    odd.account_id AS account_id,
    odd.key_id AS key_id,
    owner, app, usual_hours, days,
    odd.hour AS anchor_at,
    first_seen, last_seen, stored_until, events, event_ids
FROM odd
INNER JOIN
(
    SELECT
        if(key_account_id = '', account_id, key_account_id) AS home,
        seen.key_id AS name,
        toStartOfHour(event_time) AS bucket,
        argMax(owner, (event_time, event_id)) AS owner,
        argMax(app, (event_time, event_id)) AS app,
        min(event_time) AS first_seen,
            max(event_time) AS last_seen,
            max(ingested_at) AS stored_until,
            count() AS events,
            arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
    FROM activity AS seen
    WHERE event_time >= toStartOfHour({from:DateTime64(3, 'UTC')})
        AND event_time < toStartOfHour({to:DateTime64(3, 'UTC')}) + toIntervalHour(1)
        AND key_id IN (SELECT key_id FROM odd)
    GROUP BY home, name, bucket
    HAVING max(block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
) AS seen ON seen.home = odd.account_id AND seen.name = odd.key_id AND seen.bucket = odd.hour
ORDER BY last_seen DESC, account_id, key_id, anchor_at
