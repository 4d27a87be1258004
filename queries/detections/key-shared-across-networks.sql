/*
title: Key used from several networks at once
question: Which keys were used from several networks by several clients within a short time?
description: >
  As a key does that several people hold. Networks are autonomous systems, or where that is not known the /24 of
  IPv4 and the /48 of IPv6; addresses of IPv6 count by their /64. Requests that were let in count, and so do those
  refused for their address alone.
detection:
  version: 1
  severity: medium
  raises: alert
  entity: [account_id, key_id]
  anchor: month
  window: window_minutes
  runbook:
    - Ask the owner of the key who uses it; keys are made for one person or one job.
    - Make a key for each, and delete this one.
  references: [T1078.004]
  summary: >
    Key {key_id} of account {account_id} was used from {networks_seen:network} and {places_seen} addresses by
    {clients_seen:client} at about the same time ({networks}).
params:
  networks_min:
    type: UInt32
    default: 2
    description: networks within a window
    reason: Elastic alerts on 2 within 30 minutes
  places_min:
    type: UInt32
    default: 2
    description: addresses within a window
    reason: as Elastic does
  clients_min:
    type: UInt32
    default: 2
    description: user agents within a window
    reason: one client that moves between networks is one machine
  window_minutes:
    type: UInt32
    default: 30
    description: length of a window in minutes
    reason: as Elastic does
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  networks_seen: {unit: networks, description: how many}
  networks: who announces them, at most ten
  places_seen: {unit: addresses, description: how many}
  clients_seen: {unit: clients, description: how many user agents}
  clients: which, at most ten
  anchor_at: what tells one finding of the entity from the next
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
    ((system, address) -> if(system != 0, concat('AS', toString(system)), prefix_of(address))) AS network_of,
    -- Windows begin every sixth of their length, so what happens within five sixths of one is seen in one of them.
    greatest(1, intDiv({window_minutes:UInt32}, 6)) AS hop,
    uses AS (
        SELECT
            if(seen.key_account_id = '', seen.account_id, seen.key_account_id) AS account_id, key_id,
            event_time, event_id, ingested_at, network_of(asn, source_ip) AS provider, as_name, user_agent,
            if(
                source_ip >= toIPv6('::ffff:0.0.0.0') AND source_ip <= toIPv6('::ffff:255.255.255.255'),
                source_ip,
                IPv6CIDRToRange(source_ip, 64).1
            ) AS place,
            event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
                AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)})) AS is_new
        FROM activity AS seen
        WHERE event_time >= {from:DateTime64(3, 'UTC')} - toIntervalMinute({window_minutes:UInt32})
            AND event_time < {to:DateTime64(3, 'UTC')} + toIntervalMinute({window_minutes:UInt32})
            AND key_id != '' AND source_ip != toIPv6('::')
            AND (auth_result = 'success' OR auth_reason = 'source-ip-not-allowed')
    ),
    -- Who has too few in all of that time has too few in each window: nearly all end here, before anything is
    -- multiplied.
    (
        SELECT groupArray((account_id, key_id))
        FROM
        (
            SELECT account_id, key_id
            FROM uses
            GROUP BY account_id, key_id
            HAVING max(is_new) AND uniqExact(provider) >= {networks_min:UInt32}
        )
    ) AS suspects
SELECT
    account_id, key_id,
    uniqExact(provider) AS networks_seen,
    arraySlice(arraySort(groupUniqArray(trimRight(concat(provider, ' ', as_name)))), 1, 10) AS networks,
    uniqExact(place) AS places_seen,
    uniqExactIf(user_agent, user_agent != '') AS clients_seen,
    arraySlice(arraySort(groupUniqArrayIf(toString(user_agent), user_agent != '')), 1, 10) AS clients,
    window_at AS anchor_at,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    max(ingested_at) AS stored_until,
    count() AS events,
    arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
FROM
(
    SELECT
        *,
        arrayJoin(arrayMap(
            step -> toStartOfInterval(event_time, toIntervalMinute(hop)) - toIntervalMinute(step * hop), range(6)
        )) AS window_at
    FROM uses
    WHERE notEmpty(suspects) AND (account_id, key_id) IN (SELECT one.1, one.2 FROM (SELECT arrayJoin(suspects) AS one))
) AS used
GROUP BY account_id, key_id, window_at
HAVING max(is_new) AND networks_seen >= {networks_min:UInt32} AND places_seen >= {places_min:UInt32}
    AND clients_seen >= {clients_min:UInt32}
ORDER BY last_seen DESC, account_id, key_id, anchor_at
