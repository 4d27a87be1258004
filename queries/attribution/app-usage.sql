/*
title: App usage
question: Which apps made requests, with how many keys of how many owners, from how many addresses, and when last?
description: >
  One row per app. Counted are requests that name a key, under the app that the key served at the time: assigned to it
  in the registry, or given by an app rule, which "given_by" tells apart. The row with an empty app holds the requests
  whose key had none; attribution-coverage says why.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  app: app that the key served at the time; empty where there is none
  given_by: "what gave the app: assigned, or the names of rules"
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  accounts: {unit: accounts, description: distinct accounts of the requests}
  keys: {unit: keys, description: distinct keys; one name counts once for each account of its requests}
  owners: {unit: owners, description: distinct owners at the time where they are known}
  source_ips: {unit: addresses, description: distinct addresses}
  actions: {unit: actions, description: distinct operations}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, app]
chart: {kind: bar, x: app, y: requests}
*/
SELECT
    app,
    arraySort(groupUniqArrayIf(app_rule, app_rule != '')) AS given_by,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExact(account_id) AS accounts,
    uniqExact((account_id, key_id)) AS keys,
    uniqExactIf(owner, owner != '') AS owners,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    uniqExactIf(action, action != '') AS actions,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE key_id != ''
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY app
ORDER BY requests DESC, app
