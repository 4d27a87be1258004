/*
title: Key usage
question: Which keys were used, by whose and for which app, how often, from how many addresses, and when last?
description: >
  One row per account, key, owner and app, each as it was at the time of the request: a key that changed hands has a row
  for each of its owners. Events without a key are not in it: see unattributed-activity. A time later than the moment of
  asking is counted, but is nobody's last use.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  owner: {type: String, default: "", description: only keys of this owner}
  app: {type: String, default: "", description: only keys of this app}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the requests
  key_id: what the source records to name the key
  owner: owner of the key at the time; empty where it is not known
  app: app that the key served at the time, assigned or by a rule; empty where there is none
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  source_ips: {unit: addresses, description: distinct addresses}
  actions: {unit: actions, description: distinct operations}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, key, owner, app]
chart: {kind: bar, x: key_id, y: requests}
*/
SELECT
    account_id,
    key_id,
    owner,
    app,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    uniqExactIf(action, action != '') AS actions,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE key_id != ''
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({owner:String} = '' OR owner = {owner:String})
    AND ({app:String} = '' OR app = {app:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY account_id, key_id, owner, app
ORDER BY requests DESC, account_id, key_id, owner, app
