/*
title: Source address usage
question: From which addresses did requests come, how many, and with how many keys?
description: >
  One row per address and host. A host is what stood in the place of the address when it was none, such as the name of a
  service; events with neither are not in it. A key counts once for each account that has one of that name.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  source_ip: address that the request came from
  source_host: what stood in the place of the address when it was none
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  keys: {unit: keys, description: distinct keys}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, source-ip]
chart: {kind: bar, x: source_ip, y: requests}
*/
SELECT
    source_ip,
    source_host,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    uniqExactIf((account_id, key_id), key_id != '') AS keys,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE (source_ip != toIPv6('::') OR source_host != '')
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY source_ip, source_host
ORDER BY requests DESC, source_ip, source_host
