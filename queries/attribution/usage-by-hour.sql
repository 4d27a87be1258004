/*
title: Usage by hour of the week
question: At which hours of which weekdays are keys used?
description: >
  One row per weekday and hour of a time zone in which a request with a key was made, over all weeks of the range.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  app: {type: String, default: "", description: only keys of this app}
  zone: {type: String, default: UTC, description: time zone of weekdays and hours}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  weekday: "1 is Monday, 7 is Sunday"
  hour: hour of the day, 0 to 23
  requests: {unit: requests}
  keys: {unit: keys, description: distinct keys}
  source_ips: {unit: addresses, description: distinct addresses}
tags: [attribution, time]
chart: {kind: scatter, x: hour, y: requests}
*/
SELECT
    toDayOfWeek(event_time, 0, {zone:String}) AS weekday,
    toHour(event_time, {zone:String}) AS hour,
    count() AS requests,
    uniqExact((account_id, key_id)) AS keys,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips
FROM activity
WHERE key_id != ''
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({app:String} = '' OR app = {app:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY weekday, hour
ORDER BY weekday, hour
