/*
title: Network usage
question: From which networks did requests come, how many, from how many addresses, and with how many keys?
description: >
  One row per named network, autonomous system and country. The named network is the one that held the address at the
  time of the request; system and country are those of the network data when the event was stored, and empty where
  nothing places the address. Events without an address are not in it.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  network: named network that held the address at the time, or the name of a reserved range
  network_kind: kind of that network
  asn: number of the autonomous system of the address; 0 where it is not known
  as_name: name of that system
  country: country of the address
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  source_ips: {unit: addresses, description: distinct addresses}
  keys: {unit: keys, description: distinct keys; one name counts once for each account of its requests}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, network, country]
chart: {kind: bar, x: network, y: requests}
*/
SELECT
    network,
    network_kind,
    asn,
    as_name,
    country,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExact(source_ip) AS source_ips,
    uniqExactIf((account_id, key_id), key_id != '') AS keys,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE source_ip != toIPv6('::')
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY network, network_kind, asn, as_name, country
ORDER BY requests DESC, network, network_kind, asn, as_name, country
