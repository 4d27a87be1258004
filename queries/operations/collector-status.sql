/*
title: Collector status
question: How far has each collector come, what has it missed, and what does it use of the API?
description: >
  One row per account and resource that is collected from an API. "position" is the time of the newest entry before which
  everything was read; in a quiet account it stands still while "last_success" moves on, so "lag" is counted from the last
  success. "failure" is that of the last look, empty when it succeeded; docs/sources/redis-cloud.md says what each one means.
  For the account itself "position" is the time of the last reading.
params:
  from: {type: "DateTime64(3, 'UTC')", description: counts what was done at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: counts what was done before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  collector: what it collects from
  account_id: the account
  resource: which log of it, or the account itself
  last_success: when everything that was there had been read, last
  position: time of the newest entry before which everything was read
  lag_seconds: {unit: seconds, description: from the last success to the moment of asking}
  rows_new: {unit: records, description: entries that were handed on}
  rows_late: {unit: records, description: those of them that became visible behind the position}
  gaps: {unit: gaps, description: times that known entries were not in the log any more}
  requests: {unit: requests, description: sent to the API}
  minute_requests_max: {unit: requests, description: the most that the account sent in any minute}
  budget: {unit: requests, description: that may be sent in a minute}
  failures: {unit: looks, description: that failed}
  failure: why the last look failed
  detail: what the API said to it
tags: [operations, collector, redis-cloud]
*/
WITH
    looks AS (
        SELECT *
        FROM collector_log
        WHERE resource != ''
        ORDER BY number
        LIMIT 1 BY collector, account_id, resource, number
    ),
    standing AS (
        SELECT
            collector,
            account_id,
            resource,
            nullIf(maxIf(recorded_at, kind = 'done'), toDateTime64(0, 3, 'UTC')) AS last_success,
            argMax(tuple(position_time), number).1 AS position,
            argMax(minute_requests_max, number) AS budget,
            argMaxIf(failure, number, kind IN ('done', 'failed')) AS failure,
            argMaxIf(detail, number, kind IN ('done', 'failed')) AS detail
        FROM looks
        WHERE recorded_at < {to:DateTime64(3, 'UTC')}
        GROUP BY collector, account_id, resource
    ),
    counted AS (
        SELECT
            collector,
            account_id,
            resource,
            sum(rows_new) AS rows_new,
            sum(rows_late) AS rows_late,
            sum(gaps) AS gaps,
            sum(requests) AS requests,
            max(minute_requests) AS minute_requests_max,
            countIf(kind = 'failed') AS failures
        FROM looks
        WHERE recorded_at >= {from:DateTime64(3, 'UTC')} AND recorded_at < {to:DateTime64(3, 'UTC')}
        GROUP BY collector, account_id, resource
    )
SELECT
    standing.collector AS collector,
    standing.account_id AS account_id,
    standing.resource AS resource,
    standing.last_success AS last_success,
    standing.position AS position,
    greatest(0, dateDiff('second', standing.last_success, {now:DateTime64(3, 'UTC')})) AS lag_seconds,
    counted.rows_new AS rows_new,
    counted.rows_late AS rows_late,
    counted.gaps AS gaps,
    counted.requests AS requests,
    counted.minute_requests_max AS minute_requests_max,
    standing.budget AS budget,
    counted.failures AS failures,
    standing.failure AS failure,
    standing.detail AS detail
FROM standing
LEFT JOIN counted USING (collector, account_id, resource)
ORDER BY collector, account_id, resource
