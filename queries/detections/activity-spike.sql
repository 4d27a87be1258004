/*
title: Key busier than ever
question: Which keys made far more requests in a day than they usually do?
description: >
  The day is held against the days before with median and median absolute deviation, which one earlier spike does
  not move. The score is that of Iglewicz and Hoaglin.
detection:
  version: 1
  severity: low
  raises: signal
  entity: [account_id, key_id]
  anchor: day
  history: history_days
  interval_seconds: 300
  runbook:
    - Look at what it did with top-actions-by-key; a batch of its owner is the usual reason.
    - If nobody ordered it, look for what was read or deleted, and revoke the key.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} made {requests:request} in a day; the median of the {days:day} before is
    {usual}, the deviation {deviation}.
params:
  score_min:
    type: Float64
    default: 3.5
    description: robust score above which a day is a spike
    reason: Iglewicz and Hoaglin
  requests_min:
    type: UInt64
    default: 100
    description: requests below which no day is a spike
    reason: three requests after one are no spike
  days_min:
    type: UInt16
    default: 7
    description: days with requests that are needed
    reason: a median of fewer is chance
  history_days:
    type: UInt16
    default: 30
    description: days before that are its measure
    reason: a month
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  requests: {unit: requests, description: in the day}
  usual: {unit: requests, description: median of the days before}
  deviation: {unit: requests, description: robust deviation of these}
  score: robust score of the day
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
    -- Days with so many requests are few, and only their keys are looked at further.
    (
        SELECT groupArray((account_id, key_id, day, made))
        FROM
        (
            SELECT account_id, key_id, toDate(hour) AS day, sum(requests) AS made
            FROM key_hours FINAL
            WHERE hour >= toStartOfDay({from:DateTime64(3, 'UTC')})
                AND hour < toStartOfDay({to:DateTime64(3, 'UTC')}) + toIntervalDay(1)
            GROUP BY account_id, key_id, day
            HAVING made >= {requests_min:UInt64}
        )
    ) AS many,
    odd AS (
        SELECT
            busy.1 AS account_id, busy.2 AS key_id, busy.3 AS day, any(busy.4) AS requests,
            groupArrayIf(before.made, before.day < busy.3 AND before.day >= busy.3 - {history_days:UInt16}) AS earlier,
            arrayReduce('median', earlier) AS usual,
            arrayMap(made -> abs(made - usual), earlier) AS distances,
            arrayReduce('median', distances) / 0.6745 AS by_median,
            if(by_median > 0, by_median, arrayAvg(distances) * 1.2533) AS deviation,
            (requests - usual) / greatest(deviation, 0.001) AS score
        FROM (SELECT arrayJoin(many) AS busy, busy.1 AS account, busy.2 AS name) AS candidates
        INNER JOIN
        (
            SELECT account_id, key_id, toDate(hour) AS day, sum(requests) AS made
            FROM key_hours FINAL
            WHERE (account_id, key_id) IN (SELECT one.1, one.2 FROM (SELECT arrayJoin(many) AS one))
                AND hour >= toStartOfDay({from:DateTime64(3, 'UTC')}) - toIntervalDay({history_days:UInt16})
                    AND hour < {to:DateTime64(3, 'UTC')}
            GROUP BY account_id, key_id, day
        ) AS before ON before.account_id = candidates.account AND before.key_id = candidates.name
        GROUP BY busy.1, busy.2, busy.3
        HAVING length(earlier) >= {days_min:UInt16} AND score > {score_min:Float64}
    )
SELECT
    odd.account_id AS account_id,
    odd.key_id AS key_id,
    owner, app, requests,
    round(usual, 2) AS usual,
    round(deviation, 2) AS deviation,
    round(least(score, 1000000), 2) AS score,
    length(earlier) AS days,
    toDateTime(odd.day, 'UTC') AS anchor_at,
    first_seen, last_seen, stored_until, events, event_ids
FROM odd
INNER JOIN
(
    SELECT
        if(key_account_id = '', account_id, key_account_id) AS home,
        seen.key_id AS name,
        toDate(event_time) AS bucket,
        argMax(owner, (event_time, event_id)) AS owner,
        argMax(app, (event_time, event_id)) AS app,
        min(event_time) AS first_seen,
            max(event_time) AS last_seen,
            max(ingested_at) AS stored_until,
            count() AS events,
            arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
    FROM activity AS seen
    WHERE event_time >= toStartOfDay({from:DateTime64(3, 'UTC')})
        AND event_time < toStartOfDay({to:DateTime64(3, 'UTC')}) + toIntervalDay(1)
        AND key_id IN (SELECT one.2 FROM (SELECT arrayJoin(many) AS one))
    GROUP BY home, name, bucket
    HAVING max(block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
) AS seen ON seen.home = odd.account_id AND seen.name = odd.key_id AND seen.bucket = odd.day
ORDER BY last_seen DESC, account_id, key_id, anchor_at
