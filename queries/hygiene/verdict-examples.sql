/*
title: Verdict examples
question: Which requests stand for each verdict, and which rule made it so?
description: >
  The latest requests of each verdict. The three rules are those of authentication.md: both keys valid, the same account,
  the address in the key's allow list. Whether a verdict is frequent is a question for verdict-summary.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  verdict: {type: String, default: "", description: only this verdict}
  key_id: {type: String, default: "", description: only requests with this key}
  examples: {type: UInt16, default: 1, description: how many of each verdict}
columns:
  verdict: what the rules say against what was recorded
  event_time: when it happened
  account_id: account of the request
  key_id: what the source records to name the key
  owner: owner of the key at the time
  app: app that the key serves
  source_ip: address that the request came from
  network: named network that holds the address, or the name of a reserved range
  auth_result: whether the request was authenticated
  auth_reason: why it was not
  expected: what the rules say; allowed, unknown or denied
  rule_keys: rule 1, both keys valid; pass, unknown or fail
  rule_account: rule 2, the same account; pass, unknown or fail
  rule_source_ip: rule 3, the address in the allow list; pass, unknown or fail
  verdict_missing: what a verdict would need to know
  event_id: id of the record
tags: [hygiene, verdict, evidence]
*/
SELECT
    verdict, event_time, account_id, key_id, owner, app, source_ip, network, auth_result, auth_reason,
    expected, rule_keys, rule_account, rule_source_ip, verdict_missing, event_id
FROM activity
WHERE verdict != ''
    AND ({verdict:String} = '' OR verdict = {verdict:String})
    AND ({key_id:String} = '' OR key_id = {key_id:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
ORDER BY verdict, event_time DESC, account_id, key_id, event_id
LIMIT {examples:UInt16} BY verdict
