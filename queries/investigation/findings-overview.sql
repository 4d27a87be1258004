/*
title: Findings of a range
question: What did detections find of events of the range, how severe is it, and what became of it?
description: >
  One row per finding whose events lie in the range, at least in part; informational ones and those that were withdrawn
  are left out. Without keys and source_ips it is about everything; with either, about findings of one of these keys or
  addresses. The words of a finding are empty for a reader who is held to accounts: they may name others.
params:
  account_id: {type: String, default: "", description: only findings of this account}
  keys: {type: Array(String), default: [], description: only findings of these keys}
  source_ips: {type: Array(IPv6), default: [], description: only findings of these addresses}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  severity: low, medium, high or critical
  rule: detection that found it
  account_id: account that it is of
  key_id: key that it is of
  source_ip: address that it is of
  summary: what was found, in a sentence
  state: open, acknowledged, true-positive or false-positive
  note: what a person said of it
  events: {unit: events, description: that show it}
  first_seen: time of the first of them
  last_seen: time of the last of them
  found_at: when it was found
  id: of the finding
tags: [investigation, finding, key, source-ip]
chart: {kind: bar, x: rule, y: events}
*/
SELECT
    severity,
    rule,
    account_id,
    key_id,
    source_ip,
    if((SELECT sum(everything) > 0 FROM reader_scope), summary, '') AS summary,
    state,
    note,
    events,
    first_seen,
    last_seen,
    found_at,
    fingerprint AS id
FROM finding_states
WHERE state != 'withdrawn' AND severity != 'informational'
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND (
        (empty({keys:Array(String)}) AND empty({source_ips:Array(IPv6)}))
        OR (key_id != '' AND has({keys:Array(String)}, key_id))
        OR (source_ip != toIPv6('::') AND has({source_ips:Array(IPv6)}, source_ip))
    )
    AND first_seen < {to:DateTime64(3, 'UTC')} AND last_seen >= {from:DateTime64(3, 'UTC')}
ORDER BY severity DESC, first_seen, rule, id
