/*
title: Keys by source address
question: Which key was used from which address, how often, and did it belong there?
description: >
  One row per account, key, owner and address, or host where that stood in the place of an address: the matrix of keys
  and addresses, empty places left out. Owner and network are those of the time of the request. The five counts of
  verdicts hold each request once: "allowed_but_should_be_denied" and "denied_but_should_be_allowed" are where the three
  authentication rules and what was recorded disagree. Requests without a key, or with neither address nor host, are not
  in it.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  key_id: {type: String, default: "", description: only this key}
  owner: {type: String, default: "", description: only keys of this owner}
  places_max: {type: UInt64, default: 1000000, description: "addresses of each key, owner and account, the most used first"}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the requests
  key_id: what the source records to name the key
  owner: owner of the key at the time; empty where it is not known
  source_ip: address that the request came from
  source_host: what stood in the place of the address when it was none
  network: named network that held the address at the time of the latest request
  country: country of the address, as last looked up
  requests: {unit: requests}
  failures: {unit: requests, description: requests whose outcome was a failure}
  auth_failures: {unit: requests, description: requests that were not authenticated}
  consistent: {unit: requests, description: what was recorded is what the rules say}
  allowed_but_should_be_denied: {unit: requests, description: let in against the rules}
  denied_but_should_be_allowed: {unit: requests, description: turned away against the rules}
  unknown_key: {unit: requests, description: no version of any key ever had the name}
  not_evaluable: {unit: requests, description: something that a verdict needs is not known}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
tags: [attribution, key, source-ip, verdict]
chart: {kind: bar, x: source_ip, y: requests, by: key_id}
*/
SELECT
    account_id,
    key_id,
    owner,
    source_ip,
    source_host,
    argMax(network, (event_time, network)) AS network,
    argMaxIf(country, (event_time, country), country != '') AS country,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(auth_result = 'failure') AS auth_failures,
    countIf(verdict = 'consistent') AS consistent,
    countIf(verdict = 'allowed-but-should-be-denied') AS allowed_but_should_be_denied,
    countIf(verdict = 'denied-but-should-be-allowed') AS denied_but_should_be_allowed,
    countIf(verdict = 'unknown-key') AS unknown_key,
    countIf(verdict = 'not-evaluable') AS not_evaluable,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE key_id != ''
    AND (source_ip != toIPv6('::') OR source_host != '')
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({key_id:String} = '' OR key_id = {key_id:String})
    AND ({owner:String} = '' OR owner = {owner:String})
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY account_id, key_id, owner, source_ip, source_host
ORDER BY account_id, key_id, owner, requests DESC, source_ip, source_host
LIMIT {places_max:UInt64} BY account_id, key_id, owner
