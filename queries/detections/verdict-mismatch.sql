/*
title: Let in or refused against the rules
question: Which keys were let in, or refused, otherwise than the three rules of authentication say?
description: >
  Addresses outside an allow list and keys that were deleted have detections of their own. What the registry does
  not know well enough is judged by no rule.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [account_id, key_id, verdict]
  anchor: day
  runbook:
    - Compare the registry with the console of the provider - a change that the registry does not know is the usual
      reason.
    - If the registry is right, the check of the provider is not - keep the event ids, and ask the provider.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} was {answer} {events:time} from {source_ips} although the rules say otherwise
    (keys {rule_keys}, account {rule_account}, address {rule_source_ip}).
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
  keys: {type: Array(String), default: [], description: only these keys; none for all keys}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  verdict: allowed-but-should-be-denied, or denied-but-should-be-allowed
  answer: let in, or refused
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  rule_keys: what the rule of keys says of the last of them
  rule_account: what the rule of accounts says
  rule_source_ip: what the rule of addresses says
  source_ips: addresses, at most ten
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
SELECT
    if(seen.key_account_id = '', seen.account_id, seen.key_account_id) AS account_id,
    key_id,
    verdict,
    if(verdict = 'allowed-but-should-be-denied', 'let in', 'refused') AS answer,
    argMax(owner, (event_time, event_id)) AS owner,
    argMax(app, (event_time, event_id)) AS app,
    argMax(seen.rule_keys, (event_time, event_id)) AS rule_keys,
    argMax(seen.rule_account, (event_time, event_id)) AS rule_account,
    argMax(seen.rule_source_ip, (event_time, event_id)) AS rule_source_ip,
    arraySort(groupUniqArray(10)(source_ip)) AS source_ips,
    toStartOfDay(event_time) AS anchor_at,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    max(ingested_at) AS stored_until,
    count() AS events,
    arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
FROM activity AS seen
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
    AND (key_id IN {keys:Array(String)} OR empty({keys:Array(String)}))
    AND verdict IN ('allowed-but-should-be-denied', 'denied-but-should-be-allowed')
    AND NOT (seen.rule_source_ip = 'fail' AND auth_result = 'success') AND key_state NOT IN ('deleted', 'revoked')
GROUP BY account_id, key_id, verdict, anchor_at
ORDER BY last_seen DESC, account_id, key_id, verdict, anchor_at
