/*
title: Unattributed activity
question: What was done without a key, and by which kind of principal?
description: >
  Events whose record names no key: people in the console, the system itself, services. What stands here cannot be led
  back to a key, its owner or its app.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  principal_kind: api-key, console-user, system, service or unknown
  account_id: account of the events
  source: record format that the events came in
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  principals: {unit: principals, description: distinct names}
  source_ips: {unit: addresses, description: distinct addresses}
  actions: {unit: actions, description: distinct operations}
  first_seen: time of the first event
  last_seen: time of the last event up to the moment of asking
tags: [attribution, principal]
chart: {kind: bar, x: principal_kind, y: requests}
*/
SELECT
    principal_kind,
    account_id,
    source,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    uniqExactIf(principal_name, principal_name != '') AS principals,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    uniqExactIf(action, action != '') AS actions,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE key_id = ''
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY principal_kind, account_id, source
ORDER BY requests DESC, toString(principal_kind), account_id, source
