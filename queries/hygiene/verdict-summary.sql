/*
title: Verdicts by key
question: Where do the authentication rules and what was recorded disagree, and what could not be judged?
description: >
  One row per account, key, owner and verdict, what needs a look first. Owner is the one of the time of the request. A
  rule that failed explains a denial, or speaks against what was let in; several may fail at once. "missing" is what a
  verdict would need to know, for not-evaluable alone. The row with an empty key holds requests that were turned away
  and name none; requests that name none and were not turned away are not judged.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  key_id: {type: String, default: "", description: only requests with this key}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  verdict: "allowed-but-should-be-denied, denied-but-should-be-allowed, unknown-key, not-evaluable or consistent"
  account_id: account of the requests
  key_id: what the source records to name the key
  owner: owner of the key at the time; empty where it is not known
  requests: {unit: requests}
  failed_keys: {unit: requests, description: "rule 1 failed: both keys valid"}
  failed_account: {unit: requests, description: "rule 2 failed: the same account"}
  failed_source_ip: {unit: requests, description: "rule 3 failed: the address in the allow list"}
  missing: what a verdict would need to know
  source_ips: {unit: addresses, description: distinct addresses}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [hygiene, key, verdict]
chart: {kind: bar, x: key_id, y: requests, by: verdict}
*/
WITH
    [
        'allowed-but-should-be-denied', 'denied-but-should-be-allowed', 'unknown-key', 'not-evaluable', 'consistent'
    ] AS worst_first
SELECT
    verdict,
    account_id,
    key_id,
    owner,
    count() AS requests,
    countIf(rule_keys = 'fail') AS failed_keys,
    countIf(rule_account = 'fail') AS failed_account,
    countIf(rule_source_ip = 'fail') AS failed_source_ip,
    arraySort(groupUniqArrayArray(verdict_missing)) AS missing,
    uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE verdict != ''
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({key_id:String} = '' OR key_id = {key_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY verdict, account_id, key_id, owner
ORDER BY indexOf(worst_first, verdict), requests DESC, account_id, key_id, owner
