/*
title: Usage by day
question: How many requests were made with keys on each day, and what became of them?
description: >
  One row per day of the calendar of a time zone and result, days without a request left out. "refused" was not
  authenticated, "failed" was authenticated and failed all the same, "unknown" says neither, and "done" is the rest.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  owner: {type: String, default: "", description: only keys of this owner}
  app: {type: String, default: "", description: only keys of this app}
  zone: {type: String, default: UTC, description: time zone whose days are counted}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  day: day of the calendar
  result: done, failed, refused or unknown
  requests: {unit: requests}
tags: [attribution, time]
chart: {kind: bar, x: day, y: requests, by: result}
*/
SELECT
    formatDateTime(event_time, '%F', {zone:String}) AS day,
    multiIf(
        auth_result = 'failure', 'refused',
        outcome = 'failure', 'failed',
        outcome = 'unknown', 'unknown',
        'done'
    ) AS result,
    count() AS requests
FROM activity
WHERE key_id != ''
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({owner:String} = '' OR owner = {owner:String})
    AND ({app:String} = '' OR app = {app:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY day, result
ORDER BY day, indexOf(['done', 'failed', 'refused', 'unknown'], result)
