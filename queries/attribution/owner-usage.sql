/*
title: Owner usage
question: Whose keys made requests, how many keys of each owner, for how many apps, from where, and when last?
description: >
  One row per owner. Counted are requests that name a key, under the owner that the key had at the time: requests from
  before a key changed hands stay with the owner of then. Who used the key is not said, only who answers for it. The row
  with an empty owner holds the requests whose key had none that is known; attribution-coverage says why.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  owner: {type: String, default: "", description: only this owner}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  owner: owner of the key at the time; empty where it is not known
  owner_name: name of the owner at the time of the latest request
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  accounts: {unit: accounts, description: distinct accounts of the requests}
  keys: {unit: keys, description: distinct keys; one name counts once for each account of its requests}
  apps: {unit: apps, description: "distinct apps at the time, assigned or by a rule"}
  source_ips: {unit: addresses, description: distinct addresses}
  actions: {unit: actions, description: distinct operations}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, owner]
chart: {kind: bar, x: owner, y: requests}
*/
SELECT
    owner,
    argMax(owner_name, (event_time, owner_name)) AS owner_name,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExact(account_id) AS accounts,
    uniqExact((account_id, key_id)) AS keys,
    uniqExactIf(app, app != '') AS apps,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    uniqExactIf(action, action != '') AS actions,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE key_id != ''
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({owner:String} = '' OR owner = {owner:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY owner
ORDER BY requests DESC, owner
