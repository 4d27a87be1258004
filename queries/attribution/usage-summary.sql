/*
title: Usage in figures
question: How much was done with keys, with how many of them, by how many owners and apps, and from how many places?
description: >
  One row, or none when no request names a key. Owner, app and network are those of the time of each request. A key
  counts once for each account that it was shown to. Whether the three authentication rules held says verdict-summary.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  requests: {unit: requests, description: that name a key}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  keys: {unit: keys, description: distinct keys}
  owners: {unit: owners, description: distinct owners at the time where they are known}
  apps: {unit: apps, description: "distinct apps at the time, assigned or by a rule"}
  source_ips: {unit: addresses, description: distinct addresses}
  countries: {unit: countries, description: distinct countries of these addresses}
tags: [attribution, summary]
*/
SELECT
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExact((account_id, key_id)) AS keys,
    uniqExactIf(owner, owner != '') AS owners,
    uniqExactIf(app, app != '') AS apps,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    uniqExactIf(country, country != '') AS countries
FROM activity
WHERE key_id != ''
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
HAVING requests > 0
ORDER BY requests
