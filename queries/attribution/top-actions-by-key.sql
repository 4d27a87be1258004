/*
title: Top actions of each key
question: What does each key do most?
description: >
  One row per account, key, owner and operation, the most frequent first, and at most limit_per_key of each key and
  owner. Owner is the one of the time of the request. "share" is of all requests of that key under that owner in the
  range, so what is left to 1 was done by operations beyond the limit.
params:
  limit_per_key: {type: UInt16, default: 5, description: how many operations of each key}
  account_id: {type: String, default: "", description: only requests to this account}
  key_id: {type: String, default: "", description: only this key}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the requests
  key_id: what the source records to name the key
  owner: owner of the key at the time; empty where it is not known
  rank: place among the operations of the key, 1 for the most frequent
  action: operation as the source names it
  activity: create, read, update, delete, authenticate or other
  requests: {unit: requests}
  share: {unit: share, description: part of all requests of the key}
  failures: {unit: requests, description: requests whose outcome was a failure}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, key, action]
chart: {kind: bar, x: key_id, y: requests, by: action}
*/
SELECT
    account_id,
    key_id,
    owner,
    row_number() OVER (PARTITION BY account_id, key_id, owner ORDER BY requests DESC, action, activity) AS rank,
    action,
    activity,
    requests,
    requests / sum(requests) OVER (PARTITION BY account_id, key_id, owner) AS share,
    failures,
    first_seen,
    last_seen
FROM
(
    SELECT
        account_id,
        key_id,
        owner,
        action,
        activity,
        count() AS requests,
        countIf(outcome = 'failure') AS failures,
        min(event_time) AS first_seen,
        maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
    FROM activity
    WHERE key_id != ''
        AND ({account_id:String} = '' OR account_id = {account_id:String})
        AND ({key_id:String} = '' OR key_id = {key_id:String})
        AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    GROUP BY account_id, key_id, owner, action, activity
)
QUALIFY rank <= {limit_per_key:UInt16}
ORDER BY account_id, key_id, owner, rank
