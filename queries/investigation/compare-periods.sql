/*
title: Two periods compared
question: Which keys and addresses are new, gone, or much more or less active than in the period before?
description: >
  Two periods side by side: the range, up to the moment of asking, and the one from before_from to before_to. Without
  those it is as long as the range and ends where that begins; with one of them it is as long as the range. One row
  for each key, address, and address of a key that is "new" (not in the period before; first-seen says whether ever),
  "gone", or has by the factor "more" or "less" requests a day. That a factor counts, one of the periods needs
  requests_min requests, because one more than one is no trend. What changed by less is not in the answer. Owner is
  that of the latest request.
params:
  kinds: {type: Array(String), default: [key, source-ip, key-source-ip], description: only things of these kinds}
  account_id: {type: String, default: "", description: only events of this account}
  factor: {type: Float64, default: 2, description: how many times as many or as few requests a day are a change}
  requests_min: {type: UInt32, default: 10, description: requests in one of the periods for more or less to count}
  from: {type: "DateTime64(3, 'UTC')", default: "-7d", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  before_from: {type: "DateTime64(3, 'UTC')", default: "1970-01-01", description: earlier events at or after this time}
  before_to: {type: "DateTime64(3, 'UTC')", default: "2300-01-01", description: earlier events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  kind: what is compared; key, source-ip or key-source-ip
  change: new, gone, more or less
  account_id: account of the key; empty for an address
  key_id: what the source records to name the key; empty for an address
  owner: owner of the key at the latest request; empty where it is not known
  source_ip: address
  requests_before: {unit: requests, description: in the period before}
  requests: {unit: requests, description: in the range}
  delta: {unit: requests, description: how many more in the range}
  ratio: {unit: times, description: requests a day to those of the period before; NULL for what is new}
  auth_failures_before: {unit: requests, description: not authenticated in the period before}
  auth_failures: {unit: requests, description: not authenticated in the range}
  first_seen: time of the first request in the two periods
  last_seen: time of the last request in the two periods
tags: [investigation, key, source-ip, comparison]
*/
WITH
    toIPv6('::') AS no_address,
    ['key', 'source-ip', 'key-source-ip'] AS all_kinds,
    {from:DateTime64(3, 'UTC')} AS begins,
    least({to:DateTime64(3, 'UTC')}, {now:DateTime64(3, 'UTC')}) AS ends,
    toUnixTimestamp64Milli(ends) - toUnixTimestamp64Milli(begins) AS length_ms,
    {before_from:DateTime64(3, 'UTC')} != toDateTime64('1970-01-01', 3, 'UTC') AS from_given,
    {before_to:DateTime64(3, 'UTC')} != toDateTime64('2300-01-01', 3, 'UTC') AS to_given,
    multiIf(
        to_given, {before_to:DateTime64(3, 'UTC')},
        from_given, addMilliseconds({before_from:DateTime64(3, 'UTC')}, length_ms),
        begins
    ) AS before_ends,
    if(from_given, {before_from:DateTime64(3, 'UTC')}, subtractMilliseconds(before_ends, length_ms)) AS before_begins,
    toUnixTimestamp64Milli(before_ends) - toUnixTimestamp64Milli(before_begins) AS before_length_ms,
    event_time >= begins AND event_time < {to:DateTime64(3, 'UTC')} AND event_time <= {now:DateTime64(3, 'UTC')} AS is_now,
    event_time >= before_begins AND event_time < before_ends AND event_time <= {now:DateTime64(3, 'UTC')} AS is_before,
    -- What means nothing would be answered like a period in which nothing changed. Asked apart, to be refused without events too.
    (
        SELECT throwIf(begins >= ends, 'from is not before the moment of asking')
            + throwIf(before_begins >= before_ends, 'before_from is not before before_to')
            + throwIf({factor:Float64} <= 1, 'factor is not above 1')
            + throwIf(NOT hasAll(all_kinds, {kinds:Array(String)}), 'kinds are key, source-ip and key-source-ip')
    ) AS refusals
SELECT
    kind, change, account_id, key_id, if(kind = 'source-ip', '', latest_owner) AS owner, source_ip,
    requests_before, requests, delta, ratio, auth_failures_before, auth_failures, first_seen, last_seen
FROM
(
    SELECT
        multiIf(grouping(key_id) = 1, 'source-ip', grouping(source_ip) = 1, 'key', 'key-source-ip') AS kind,
        account_id,
        key_id,
        source_ip,
        argMax(owner, event_time) AS latest_owner,
        countIf(is_before) AS requests_before,
        countIf(is_now) AS requests,
        toInt64(requests) - toInt64(requests_before) AS delta,
        toFloat64(requests) * before_length_ms / nullIf(toFloat64(requests_before) * length_ms, 0) AS ratio,
        countIf(is_before AND auth_result = 'failure') AS auth_failures_before,
        countIf(is_now AND auth_result = 'failure') AS auth_failures,
        min(event_time) AS first_seen,
        max(event_time) AS last_seen,
        multiIf(
            requests_before = 0, 'new',
            requests = 0, 'gone',
            greatest(requests, requests_before) < {requests_min:UInt32}, '',
            ratio >= {factor:Float64}, 'more',
            ratio * {factor:Float64} <= 1, 'less',
            ''
        ) AS change
    FROM activity
    WHERE ({account_id:String} = '' OR account_id = {account_id:String})
        AND (is_now OR is_before)
        AND refusals = 0
    GROUP BY GROUPING SETS ((account_id, key_id), (source_ip), (account_id, key_id, source_ip))
    HAVING change != '' AND has({kinds:Array(String)}, kind)
        AND (kind = 'source-ip' OR key_id != '') AND (kind = 'key' OR source_ip != no_address)
)
ORDER BY kind, change, greatest(requests, requests_before) DESC, account_id, key_id, source_ip
