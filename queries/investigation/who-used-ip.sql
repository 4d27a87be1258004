/*
title: Who used an address
question: Which keys, owners, apps and people used this address, since when, how often, and did they belong there?
description: >
  One row per key, per owner and app at the time of the request, and per principal that the records name, so that
  people in the console are in it as well. The four counts of allow lists hold each request with a key once, and so do
  the five counts of verdicts, which hold the tries without a key as well. "inside_allow_list" is judged against the
  key's list as it was at each request. Whoever stands here was behind the address at some time: an office or a VPN
  has many, and "network" says whether it is one of those. A time later than the moment of asking is counted, but is
  nobody's last use.
params:
  source_ip: {type: IPv6, description: "the address, v4 or v6"}
  account_id: {type: String, default: "", description: only events of this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the events
  key_id: what the source records to name the key; empty where none was named
  owner: owner of the key at the time; empty where it is not known
  app: app that the key served at the time
  principal_kind: api-key, console-user, system, service or unknown
  principal: who acted as the record says, by email or else by name; no knowledge of the registry
  network: named network that held the address at the time of the latest event
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  inside_allow_list: {unit: requests, description: with a list that held the address at the time}
  outside_allow_list: {unit: requests, description: with a list that did not hold it}
  without_allow_list: {unit: requests, description: with a key that might be used from everywhere}
  unknown_allow_list: {unit: requests, description: with a key whose list is not known}
  consistent: {unit: requests, description: what was recorded is what the rules say}
  allowed_but_should_be_denied: {unit: requests, description: let in against the rules}
  denied_but_should_be_allowed: {unit: requests, description: turned away against the rules}
  unknown_key: {unit: requests, description: no version of any key ever had the name}
  not_evaluable: {unit: requests, description: something that a verdict needs is not known}
  actions: {unit: actions, description: distinct operations}
  user_agents: {unit: clients, description: distinct clients as they named themselves}
  first_seen: time of the first event
  last_seen: time of the last event up to the moment of asking
tags: [investigation, source-ip, key, owner, app, verdict]
chart: {kind: bar, x: key_id, y: requests}
*/
WITH
    uses AS (
        SELECT
            account_id, key_id, key_account_id, owner, app, principal_kind, principal_email, principal_name, network,
            event_time, outcome, auth_result, rule_source_ip, verdict, action, user_agent
        FROM activity
        WHERE source_ip = {source_ip:IPv6}
            AND ({account_id:String} = '' OR account_id = {account_id:String})
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    ),
    lists AS (
        SELECT account_id, key_id, valid_from, ifNull(toString(allow_list_state), 'unknown') AS list
        FROM registry_key_versions
    )
SELECT
    uses.account_id AS account_id,
    uses.key_id AS key_id,
    uses.owner AS owner,
    uses.app AS app,
    uses.principal_kind AS principal_kind,
    if(uses.principal_email != '', uses.principal_email, uses.principal_name) AS principal,
    argMax(uses.network, (uses.event_time, uses.network)) AS network,
    count() AS requests,
    countIf(uses.outcome = 'failure') AS failures,
    countIf(uses.auth_result = 'failure') AS auth_failures,
    countIf(uses.key_id != '' AND lists.list = 'defined' AND uses.rule_source_ip = 'pass') AS inside_allow_list,
    countIf(uses.key_id != '' AND lists.list = 'defined' AND uses.rule_source_ip = 'fail') AS outside_allow_list,
    countIf(uses.key_id != '' AND lists.list = 'none') AS without_allow_list,
    countIf(uses.key_id != '' AND lists.list NOT IN ('defined', 'none')) AS unknown_allow_list,
    countIf(uses.verdict = 'consistent') AS consistent,
    countIf(uses.verdict = 'allowed-but-should-be-denied') AS allowed_but_should_be_denied,
    countIf(uses.verdict = 'denied-but-should-be-allowed') AS denied_but_should_be_allowed,
    countIf(uses.verdict = 'unknown-key') AS unknown_key,
    countIf(uses.verdict = 'not-evaluable') AS not_evaluable,
    uniqExactIf(uses.action, uses.action != '') AS actions,
    uniqExactIf(uses.user_agent, uses.user_agent != '') AS user_agents,
    min(uses.event_time) AS first_seen,
    maxOrNullIf(uses.event_time, uses.event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM uses
ASOF LEFT JOIN lists
    ON lists.account_id = uses.key_account_id AND lists.key_id = uses.key_id AND lists.valid_from <= uses.event_time
GROUP BY account_id, key_id, owner, app, principal_kind, principal
ORDER BY requests DESC, account_id, key_id, owner, app, toString(principal_kind), principal
