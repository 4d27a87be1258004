/*
title: Apps by source address
question: Which app made requests from which address and network, how many, and with how many keys?
description: >
  One row per app, address and named network, or host where that stood in the place of an address. App and network are
  those of the time of the request. Counted are requests that name a key; the rows with an empty app are of keys that
  had none. An address that serves several apps has a row for each: sort by source_ip to see them together.
params:
  app: {type: String, default: "", description: only this app}
  account_id: {type: String, default: "", description: only requests to this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  app: app that the key served at the time; empty where there is none
  source_ip: address that the request came from
  source_host: what stood in the place of the address when it was none
  network: named network that held the address at the time, or the name of a reserved range
  network_kind: kind of that network
  country: country of the address, as last looked up
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  keys: {unit: keys, description: distinct keys; one name counts once for each account of its requests}
  owners: {unit: owners, description: distinct owners at the time where they are known}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, app, source-ip, network]
chart: {kind: bar, x: source_ip, y: requests, by: app}
*/
SELECT
    app,
    source_ip,
    source_host,
    network,
    network_kind,
    argMaxIf(country, (event_time, country), country != '') AS country,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExact((account_id, key_id)) AS keys,
    uniqExactIf(owner, owner != '') AS owners,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE key_id != ''
    AND (source_ip != toIPv6('::') OR source_host != '')
    AND ({app:String} = '' OR app = {app:String})
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY app, source_ip, source_host, network, network_kind
ORDER BY app, requests DESC, source_ip, source_host, network, network_kind
