/*
title: Key refused more often than ever
question: Which keys were refused far more often in an hour than they usually are?
description: >
  An hour is held against the same key in the days before: mean and spread of its hours, hours without a request
  included.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [account_id, key_id]
  anchor: day
  history: history_days
  runbook:
    - Look at why it was refused with key-timeline; a key that was rotated and a job that was not is the usual reason.
    - Ask the owner whether all of the addresses are theirs.
  references: [T1110]
  summary: >
    Key {key_id} of account {account_id} was refused {failures:time} in an hour; in the {history:day} before it was
    {usual} times an hour on average, with a deviation of {deviation}.
params:
  failures_min:
    type: UInt32
    default: 10
    description: failures above which an hour is looked at
    reason: ESCU takes more than 10
  sigmas:
    type: Float64
    default: 3
    description: deviations above the mean
    reason: ESCU takes 3
  history_days:
    type: UInt16
    default: 14
    description: days before the hour that are its measure
    reason: two weeks hold both kinds of days twice
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  failures: {unit: requests, description: refused in the hour}
  usual: {unit: requests, description: refused in an hour on average}
  deviation: {unit: requests, description: standard deviation of that}
  history: {unit: days, description: how long that was measured}
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
WITH
    -- Hours with many failures are few, and only their keys are looked at further.
    (
        SELECT groupArray((account_id, key_id, hour, auth_failures))
        FROM key_hours FINAL
        WHERE hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) AND hour < {to:DateTime64(3, 'UTC')}
            AND auth_failures > {failures_min:UInt32}
    ) AS many,
    odd AS (
        SELECT
            busy.1 AS account_id, busy.2 AS key_id, busy.3 AS hour, any(busy.4) AS failures,
            {history_days:UInt16} * 24 AS slots,
            sumIf(auth_failures, before.hour < busy.3
                AND before.hour >= busy.3 - toIntervalDay({history_days:UInt16})) / slots
                AS usual,
            sqrt(greatest(0, sumIf(
                toFloat64(auth_failures) * auth_failures,
                before.hour < busy.3 AND before.hour >= busy.3 - toIntervalDay({history_days:UInt16})
            ) / slots - usual * usual)) AS deviation
        FROM (SELECT arrayJoin(many) AS busy, busy.1 AS account, busy.2 AS name) AS candidates
        LEFT JOIN
        (
            SELECT account_id, key_id, hour, auth_failures
            FROM key_hours FINAL
            WHERE (account_id, key_id) IN (SELECT one.1, one.2 FROM (SELECT arrayJoin(many) AS one))
                AND hour >= toStartOfHour({from:DateTime64(3, 'UTC')}) - toIntervalDay({history_days:UInt16})
                    AND hour < {to:DateTime64(3, 'UTC')}
        ) AS before ON before.account_id = candidates.account AND before.key_id = candidates.name
        GROUP BY busy.1, busy.2, busy.3
        HAVING failures >= usual + {sigmas:Float64} * deviation
    )
SELECT
    odd.account_id AS account_id,
    odd.key_id AS key_id,
    owner, app, failures,
    round(usual, 2) AS usual,
    round(deviation, 2) AS deviation,
    {history_days:UInt16} AS history,
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
        AND key_id IN (SELECT one.2 FROM (SELECT arrayJoin(many) AS one)) AND auth_result = 'failure'
    GROUP BY home, name, bucket
    HAVING max(block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
) AS seen ON seen.home = odd.account_id AND seen.name = odd.key_id AND seen.bucket = odd.hour
ORDER BY last_seen DESC, account_id, key_id, anchor_at
