/*
title: Attribution coverage
question: How much of the activity can be led back to a key, an owner, an app and an address, and why not the rest?
description: >
  All events of the range, seen four times: the rows of one dimension hold each event once, and their shares add up to
  1. A key is attributed when the registry has or had one of its name in one account; owner and app when they are known
  for the time of the request. no-key-named: people in the console, the system, and tries without a key, see
  unattributed-activity. unknown-to-registry: no version of any key ever had the name, see unknown-keys.
  in-several-accounts: not in the account of the event, and in more than one other. owner-not-known-then: the key is
  known, and its owner at that time is not. no-app: the key is known, no app is assigned to it, and no rule gives one.
  host-only: something stood in the place of the address.
params:
  account_id: {type: String, default: "", description: only events of this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  dimension: key, owner, app or address
  is_attributed: whether the events of this row are led back to one
  reason: how they are, or why they are not
  requests: {unit: requests}
  share: {unit: share, description: part of all events of the range}
tags: [attribution, quality]
chart: {kind: bar, x: dimension, y: share, by: reason}
*/
WITH
    seen AS (
        SELECT
            multiIf(
                key_id = '', 'no-key-named',
                key_account_id != '', '',
                key_id IN (SELECT key_id FROM registry_key_versions), 'in-several-accounts',
                'unknown-to-registry'
            ) AS no_key,
            owner != '' AS has_owner,
            multiIf(app_rule = 'assigned', 'assigned', app_rule != '', 'by-rule', '') AS app_from,
            multiIf(source_ip != toIPv6('::'), 'recorded', source_host != '', 'host-only', 'no-address') AS address,
            count() AS requests
        FROM activity
        WHERE ({account_id:String} = '' OR account_id = {account_id:String})
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
        GROUP BY no_key, has_owner, app_from, address
    )
SELECT
    of.1 AS dimension,
    CAST(of.2 AS Bool) AS is_attributed,
    of.3 AS reason,
    sum(requests) AS requests,
    requests / sum(requests) OVER (PARTITION BY dimension) AS share
FROM seen
ARRAY JOIN [
    ('key', no_key = '', if(no_key = '', 'known-to-registry', no_key)),
    ('owner', has_owner, multiIf(has_owner, 'known-at-the-time', no_key != '', no_key, 'owner-not-known-then')),
    ('app', app_from != '', multiIf(app_from != '', app_from, no_key != '', no_key, 'no-app')),
    ('address', address = 'recorded', address)
] AS of
GROUP BY dimension, is_attributed, reason
ORDER BY indexOf(['key', 'owner', 'app', 'address'], dimension), is_attributed DESC, requests DESC, reason
