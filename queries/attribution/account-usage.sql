/*
title: Account usage
question: How much was done in each account, with how many keys of how many owners, and how much of it without a key?
description: >
  One row per account, all events. The row with an empty account holds events whose record names none. Owners and apps
  are those of the time of each request, as far as they are known.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the events
  account_name: name of the account at the time of the latest event
  requests: {unit: requests, description: events of any kind}
  without_key: {unit: requests, description: those of them that name no key}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  keys: {unit: keys, description: distinct keys}
  owners: {unit: owners, description: distinct owners of these keys}
  apps: {unit: apps, description: "distinct apps of these keys, assigned or by a rule"}
  source_ips: {unit: addresses, description: distinct addresses}
  countries: {unit: countries, description: distinct countries of these addresses}
  first_seen: time of the first event
  last_seen: time of the last event up to the moment of asking
tags: [attribution, account]
chart: {kind: bar, x: account_id, y: requests}
*/
SELECT
    account_id,
    argMax(account_name, (event_time, account_name)) AS account_name,
    count() AS requests,
    countIf(key_id = '') AS without_key,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExactIf(key_id, key_id != '') AS keys,
    uniqExactIf(owner, owner != '') AS owners,
    uniqExactIf(app, app != '') AS apps,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    uniqExactIf(country, country != '') AS countries,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY account_id
ORDER BY requests DESC, account_id
