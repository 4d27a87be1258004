/*
title: Key used from a new network
question: Which keys were used from a network that they had not been used from?
description: >
  A network is the autonomous system that announces the address; where that is not known, the /24 of IPv4 or the
  /48 of IPv6.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [account_id, key_id, provider_network]
  anchor: once
  history: history_days
  learning: learning_days
  runbook:
    - Ask the owner of the key whether this is theirs - a new runner, office or version is the usual reason.
    - If it is, close the finding as false positive, and it becomes usual; name the network if it will come again.
    - If nobody knows it, revoke the key, and look at what it did with key-timeline.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} was used {events:time} from {provider_network}[ of {as_name}][ in
    {country}][; in the days before it was used from {usual_networks}].
params:
  history_days:
    type: UInt16
    default: 30
    description: days before an event in which nothing of the kind may lie
    reason: Panther looks back 30 days, Sentinel 14, Elastic 10; a month holds what runs once a month
  learning_days:
    type: UInt16
    default: 14
    description: days after its first use in which nothing is new for a key
    reason: peers take 7 to 14 days; the longer one for jobs that run weekly
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  provider_network: the new network, such as AS64500 or 203.0.113.0/24
  owner: owner of the key at the last of them; empty where it is not known
  app: app that the key serves
  as_name: who announces the address
  country: country of the address
  source_ips: its addresses, at most ten
  usual_networks: what else it had in these days, at most ten
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
WITH
    (address -> address >= toIPv6('::ffff:0.0.0.0') AND address <= toIPv6('::ffff:255.255.255.255')) AS is_ipv4,
    (address -> concat(
        replaceOne(toString(IPv6CIDRToRange(address, if(is_ipv4(address), 120, 48)).1), '::ffff:', ''),
        if(is_ipv4(address), '/24', '/48')
    )) AS prefix_of,
    (
        SELECT groupArray((account_id, key_id, value, day))
        FROM novel_values(
            kind = 'network', rule = 'new-network-for-key',
            from = {from:DateTime64(3, 'UTC')}, to = {to:DateTime64(3, 'UTC')},
            history_days = {history_days:UInt16}, learning_days = {learning_days:UInt16}
        )
    ) AS novel
SELECT
    found.account_id AS account_id,
    found.key_id AS key_id,
    found.value AS provider_network,
    owner, app, as_name, country, source_ips,
    usual.known AS usual_networks,
    first_seen, last_seen, stored_until, events, event_ids
FROM
(
    SELECT
        seen.home AS account_id,
        seen.key_id AS key_id,
        seen.value AS value,
        argMax(owner, (event_time, event_id)) AS owner,
        argMax(app, (event_time, event_id)) AS app,
        argMax(as_name, (event_time, event_id)) AS as_name,
        argMax(country, (event_time, event_id)) AS country,
        arraySort(groupUniqArray(10)(source_ip)) AS source_ips,
        min(event_time) AS first_seen,
        max(event_time) AS last_seen,
        max(ingested_at) AS stored_until,
        count() AS events,
        arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
    FROM
    (
        SELECT
            *, if(key_account_id = '', account_id, key_account_id) AS home,
            if(asn != 0, concat('AS', toString(asn)), prefix_of(source_ip)) AS value
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
            AND notEmpty(novel) AND key_id IN (SELECT one.2 FROM (SELECT arrayJoin(novel) AS one))
            AND auth_result = 'success' AND event_time <= ingested_at + toIntervalMinute(5)
    ) AS seen
    WHERE (seen.home, seen.key_id, seen.value, toDate(seen.event_time)) IN (
        SELECT one.1, one.2, one.3, one.4 FROM (SELECT arrayJoin(novel) AS one)
    )
    GROUP BY account_id, key_id, value
) AS found
LEFT JOIN
(
    SELECT account_id, key_id, arraySlice(arraySort(groupUniqArray(value)), 1, 10) AS known
    FROM key_values
    WHERE kind = 'network' AND notEmpty(novel)
        AND day >= toDate({from:DateTime64(3, 'UTC')}) - {history_days:UInt16} - 1
        AND (account_id, key_id) IN (SELECT one.1, one.2 FROM (SELECT arrayJoin(novel) AS one))
        AND (account_id, key_id, value) NOT IN (SELECT one.1, one.2, one.3 FROM (SELECT arrayJoin(novel) AS one))
    GROUP BY account_id, key_id
) AS usual ON usual.account_id = found.account_id AND usual.key_id = found.key_id
ORDER BY last_seen DESC, account_id, key_id, provider_network
