/*
title: Key usage
question: Which keys were used, how often, from how many addresses, and when last?
description: >
  One row per account and key. Events without a key are not in it: see unattributed-activity. A time later than the moment
  of asking is counted, but is nobody's last use.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account that the key belongs to
  key_id: what the source records to name the key
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  source_ips: {unit: addresses, description: distinct addresses}
  actions: {unit: actions, description: distinct operations}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, key]
chart: {kind: bar, x: key_id, y: requests}
*/
SELECT
    account_id,
    key_id,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    uniqExactIf(action, action != '') AS actions,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE key_id != ''
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY account_id, key_id
ORDER BY requests DESC, account_id, key_id
