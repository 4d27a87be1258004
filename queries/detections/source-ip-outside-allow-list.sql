/*
title: Key used from outside its allow list
question: Which keys were let in from an address that their allow list does not hold?
description: >
  The list is that of the time of the request, as it is known now. A request that was denied is the business of
  denied-source-ip.
detection:
  version: 1
  severity: critical
  raises: alert
  entity: [account_id, key_id, source_ip]
  anchor: day
  interval_seconds: 2
  runbook:
    - Ask the owner of the key whether the address is theirs; if nobody knows it, revoke the key.
    - Find out why it was let in - the list was changed and the registry does not know it, or the check does not work.
    - Look at everything the key did from that address with key-timeline.
  references: [T1078.004, T1550]
  summary: >
    Key {key_id} of account {account_id} was let in {events:time} from {source_ip}[ of {as_name}][ in {country}],
    which is outside of its allow list ({allow_list}).
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
  keys: {type: Array(String), default: [], description: only these keys; none for all keys}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  source_ip: address that the requests came from
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  network: named network of the address
  asn: {unit: number, description: autonomous system that announces the address; 0 where it is not known}
  as_name: who announces the address
  country: country of the address
  allow_list: ranges that the key may be used from at the last request
  actions: operations that were called, at most ten
  anchor_at: what tells one finding of the entity from the next
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
SELECT
    found.account_id AS account_id,
    found.key_id AS key_id,
    found.source_ip AS source_ip,
    owner, app, network, asn, as_name, country,
    then.allow_list AS allow_list,
    actions, anchor_at, first_seen, last_seen, stored_until, events, event_ids
FROM
(
    SELECT
        if(seen.key_account_id = '', seen.account_id, seen.key_account_id) AS account_id,
        key_id,
        source_ip,
        argMax(owner, (event_time, event_id)) AS owner,
        argMax(app, (event_time, event_id)) AS app,
        argMax(network, (event_time, event_id)) AS network,
        argMax(asn, (event_time, event_id)) AS asn,
        argMax(as_name, (event_time, event_id)) AS as_name,
        argMax(country, (event_time, event_id)) AS country,
        arraySort(groupUniqArray(10)(toString(action))) AS actions,
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
        AND rule_source_ip = 'fail' AND auth_result = 'success' AND key_id != ''
    GROUP BY account_id, key_id, source_ip, anchor_at
) AS found
ASOF LEFT JOIN registry_key_versions AS then
    ON then.account_id = found.account_id AND then.key_id = found.key_id AND then.valid_from <= found.last_seen
ORDER BY last_seen DESC, account_id, key_id, source_ip, anchor_at
