/*
title: Source address usage
question: From which addresses and networks did requests come, how many, and with how many keys?
description: >
  One row per address, host and named network. A host is what stood in the place of the address when it was none, such
  as the name of a service; events with neither are not in it. The network is the one that held the address at the time
  of the request: an address that changed networks has a row for each. Autonomous system and country are those of the
  latest request for which they were looked up. A key counts once for each account that has one of that name.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  network: {type: String, default: "", description: only addresses that were in this network}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  source_ip: address that the request came from
  source_host: what stood in the place of the address when it was none
  network: named network that held the address at the time, or the name of a reserved range
  network_kind: kind of that network
  asn: number of the autonomous system of the address; 0 where it is not known
  as_name: name of that system
  country: country of the address
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  keys: {unit: keys, description: distinct keys}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, source-ip, network]
chart: {kind: bar, x: source_ip, y: requests}
*/
WITH argMaxIf(
        (events.asn, events.as_name, events.country),
        (events.event_time, events.asn, events.as_name, events.country),
        events.asn != 0 OR events.country != ''
    ) AS place
SELECT
    source_ip,
    source_host,
    network,
    network_kind,
    place.1 AS asn,
    place.2 AS as_name,
    place.3 AS country,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExactIf((account_id, key_id), key_id != '') AS keys,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity AS events
WHERE (source_ip != toIPv6('::') OR source_host != '')
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({network:String} = '' OR network = {network:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY source_ip, source_host, network, network_kind
ORDER BY requests DESC, source_ip, source_host, network, network_kind
