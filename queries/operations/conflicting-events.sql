/*
title: Conflicting events
question: Which events were recorded more than once, with different content?
description: >
  The same account, source and event id with other bytes: nothing replaces what was stored first, and each counts as a
  statement of its own. A range finds conflicts with a statement inside it, and counts the statements within 31 days of it.
params:
  from: {type: "DateTime64(3, 'UTC')", description: a statement at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: a statement before this time}
columns:
  account_id: account of the event
  source: record format that the event came in
  event_id: id that the statements share
  statements: {unit: statements, description: different contents}
  keys: keys that they name
  actions: operations that they name
  first_event_time: earliest time that they state
  last_event_time: latest time that they state
  content_hashes: identities of their texts
tags: [operations, integrity]
*/
WITH
    {from:DateTime64(3, 'UTC')} - INTERVAL 31 DAY AS reads_from,
    {to:DateTime64(3, 'UTC')} + INTERVAL 31 DAY AS reads_to
SELECT
    account_id,
    source,
    event_id,
    uniqExact(content_hash) AS statements,
    arraySort(groupUniqArrayIf(key_id, key_id != '')) AS keys,
    arraySort(groupUniqArray(action)) AS actions,
    min(event_time) AS first_event_time,
    max(event_time) AS last_event_time,
    arraySort(groupUniqArray(lower(hex(content_hash)))) AS content_hashes
FROM activity
WHERE event_time >= reads_from AND event_time < reads_to
    -- First which ids, and only then what they say: the second step holds a handful of groups, the first one per event.
    AND (account_id, source, event_id) IN (
        SELECT account_id, source, event_id
        FROM activity
        WHERE event_time >= reads_from AND event_time < reads_to
        GROUP BY account_id, source, event_id
        HAVING min(content_hash) != max(content_hash)
            AND countIf(event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}) > 0
    )
GROUP BY account_id, source, event_id
ORDER BY account_id, source, event_id
