/*
title: Activity over time
question: How much was done, and how much of it failed, from one stretch of time to the next?
description: >
  The buckets are as long as gives about a hundred of them, from a minute to four weeks; longer ones begin on a Monday.
  A bucket without events is there with zeros. Without from or to the first or last event is the bound.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  bucket_seconds: {type: UInt32, default: 0, description: length of a bucket in seconds; 0 chooses it from the range}
columns:
  bucket: time at which the bucket begins
  bucket_seconds: {unit: s, description: length of the bucket}
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  keys: {unit: keys, description: distinct keys}
  source_ips: {unit: addresses, description: distinct addresses}
tags: [investigation, time]
chart: {kind: line, x: bucket, y: requests}
*/
WITH
    -- Buckets are counted from a Monday.
    345600000 AS origin,
    -- No answer has more buckets than this, whatever length is asked for.
    10000 AS buckets_max,
    assumeNotNull((
        SELECT (
            toInt64(count()),
            toUnixTimestamp64Milli(min(event_time)),
            toUnixTimestamp64Milli(max(event_time)) + 1
        )
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    )) AS seen,
    toUnixTimestamp64Milli({from:DateTime64(3, 'UTC')}) AS from_given,
    toUnixTimestamp64Milli({to:DateTime64(3, 'UTC')}) AS to_given,
    from_given = 0 AS from_open,
    to_given = 10413792000000 AS to_open,
    if(from_open, if(seen.1 = 0, to_given, seen.2), from_given) AS begins,
    if(to_open, if(seen.1 = 0, begins, seen.3), to_given) AS ends,
    ends - begins AS span,
    arrayFirst(
        step -> span <= step * 120000,
        [60, 300, 900, 3600, 10800, 21600, 86400, 604800, 2419200]
    ) AS fitting,
    toInt64(greatest(
        multiIf({bucket_seconds:UInt32} > 0, {bucket_seconds:UInt32}, fitting > 0, fitting, 2419200),
        intDiv(span, buckets_max * 1000) + 1
    )) * 1000 AS step_ms,
    begins - positiveModulo(begins - origin, step_ms) AS first_bucket,
    if(span > 0, intDiv(ends - 1 - first_bucket, step_ms) + 1, 0) AS buckets
SELECT
    fromUnixTimestamp64Milli(bucket_ms, 'UTC') AS bucket,
    intDiv(step_ms, 1000) AS bucket_seconds,
    sum(bucket_requests) AS requests,
    sum(bucket_failures) AS failures,
    sum(bucket_auth_failures) AS auth_failures,
    sum(bucket_keys) AS keys,
    sum(bucket_source_ips) AS source_ips
FROM
(
    SELECT
        toUnixTimestamp64Milli(event_time) - positiveModulo(toUnixTimestamp64Milli(event_time) - origin, step_ms) AS bucket_ms,
        count() AS bucket_requests,
        countIf(outcome = 'failure') AS bucket_failures,
        countIf(auth_result = 'failure') AS bucket_auth_failures,
        uniqExactIf((account_id, key_id), key_id != '') AS bucket_keys,
        uniqExactIf(source_ip, source_ip != toIPv6('::')) AS bucket_source_ips
    FROM activity
    WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    GROUP BY bucket_ms
    UNION ALL
    SELECT toInt64(first_bucket + number * step_ms), 0, 0, 0, 0, 0
    FROM numbers(toUInt64(buckets))
)
GROUP BY bucket_ms
ORDER BY bucket_ms
