/*
title: User agent usage
question: Which clients, as they named themselves, made requests, with how many keys, from where, and when last?
description: >
  One row per user agent, all events. A client writes its user agent as it likes: it is a hint and no proof. The row
  with an empty user agent holds events whose record has none.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  key_id: {type: String, default: "", description: only requests with this key}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  user_agent: client as it named itself
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  keys: {unit: keys, description: distinct keys; one name counts once for each account of its requests}
  owners: {unit: owners, description: distinct owners of these keys at the time}
  source_ips: {unit: addresses, description: distinct addresses}
  actions: {unit: actions, description: distinct operations}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, user-agent]
chart: {kind: bar, x: user_agent, y: requests}
*/
SELECT
    user_agent,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExactIf((account_id, key_id), key_id != '') AS keys,
    uniqExactIf(owner, owner != '') AS owners,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    uniqExactIf(action, action != '') AS actions,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({key_id:String} = '' OR key_id = {key_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY user_agent
ORDER BY requests DESC, user_agent
