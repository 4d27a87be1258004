/*
title: New key used at once from elsewhere
question: Which keys were used right after they were made, from a network that the account does not use?
description: >
  As it looks when somebody makes a key to keep a way in. When a key was made is what the registry knows. A
  network is an autonomous system from which no other key of the account was used before.
detection:
  version: 1
  severity: high
  raises: alert
  entity: [account_id, key_id, source_ip]
  anchor: once
  window: minutes
  history: history_days
  runbook:
    - Ask who made the key (created_by) whether they did, and for whom.
    - If they did not, delete the key, and look at what their user did with request-context.
  references: [T1098.001]
  summary: >
    Key {key_id} of account {account_id}, made at {created_at}[ by {created_by}], was used {minutes_after:minute}
    later from {source_ip}[ of {as_name}][ in {country}], a network that the account does not use.
params:
  minutes:
    type: UInt32
    default: 60
    description: minutes after it was made
    reason: no peer has a threshold; who makes a key for a job deploys it within the hour, from where the job runs
  history_days:
    type: UInt16
    default: 30
    description: days before that tell which networks the account uses
    reason: a month
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
  as_name: who announces the address
  country: country of the address
  created_at: when the key was made
  created_by: who made it; empty where it is not known
  minutes_after: {unit: minutes, description: from then to the first use}
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
WITH young AS (
    SELECT account_id, key_id, any(created_at) AS made_at, any(ifNull(created_by, '')) AS created_by
    FROM registry_key_lives
    WHERE created_at >= {from:DateTime64(3, 'UTC')} - toIntervalMinute({minutes:UInt32})
        AND created_at < {to:DateTime64(3, 'UTC')}
    GROUP BY account_id, key_id, incarnation
)
SELECT
    seen.home AS account_id,
    seen.key_id AS key_id,
    source_ip,
    argMax(owner, (event_time, event_id)) AS owner,
    argMax(app, (event_time, event_id)) AS app,
    argMax(seen.as_name, (event_time, event_id)) AS as_name,
    argMax(seen.country, (event_time, event_id)) AS country,
    assumeNotNull(any(young.made_at)) AS created_at,
    any(young.created_by) AS created_by,
    dateDiff('minute', created_at, first_seen) AS minutes_after,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    max(ingested_at) AS stored_until,
    count() AS events,
    arrayMap(event -> event.2, groupArraySorted(10)((event_time, event_id))) AS event_ids
FROM
(
    SELECT *, if(key_account_id = '', account_id, key_account_id) AS home
    FROM activity
    WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
        AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
        AND (key_id IN {keys:Array(String)} OR empty({keys:Array(String)}))
        AND key_id IN (SELECT key_id FROM young) AND auth_result = 'success' AND asn != 0
) AS seen
INNER JOIN young ON young.account_id = seen.home AND young.key_id = seen.key_id
WHERE event_time >= young.made_at AND event_time < young.made_at + toIntervalMinute({minutes:UInt32})
    AND (seen.home, seen.asn) NOT IN (
        SELECT account_id, asn
        FROM key_places
        WHERE day >= toDate({from:DateTime64(3, 'UTC')}) - {history_days:UInt16}
            AND (account_id, key_id) NOT IN (SELECT account_id, key_id FROM young)
    )
GROUP BY seen.home, seen.key_id, source_ip
ORDER BY last_seen DESC, account_id, key_id, source_ip
