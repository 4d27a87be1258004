/*
title: Country usage
question: From which countries did requests come, from how many addresses, and with how many keys?
description: >
  One row per country, as the network data placed the address when the event was stored. Events without an address are
  not in it. The row with an empty country holds addresses that nothing places: private ones, those that no edition
  knows, and those of events that were stored without network data. Where an address is registered is not always where
  somebody sits.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  key_id: {type: String, default: "", description: only requests with this key}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  country: country of the address
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  source_ips: {unit: addresses, description: distinct addresses}
  asns: {unit: systems, description: distinct autonomous systems of these addresses}
  keys: {unit: keys, description: distinct keys; one name counts once for each account of its requests}
  owners: {unit: owners, description: distinct owners of these keys at the time}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, country, source-ip]
chart: {kind: bar, x: country, y: requests}
*/
SELECT
    country,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExact(source_ip) AS source_ips,
    uniqExactIf(asn, asn != 0) AS asns,
    uniqExactIf((account_id, key_id), key_id != '') AS keys,
    uniqExactIf(owner, owner != '') AS owners,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE source_ip != toIPv6('::')
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({key_id:String} = '' OR key_id = {key_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY country
ORDER BY requests DESC, country
