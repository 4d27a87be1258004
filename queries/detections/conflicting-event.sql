/*
title: Record that says otherwise than before
question: Which event ids came again with other contents?
description: >
  The first record stands, and the second one beside it; one of them may have been forged. Held against each other
  are records of the same month and the months beside it.
detection:
  version: 2
  severity: high
  raises: alert
  entity: [source, account_id, event_id]
  anchor: once
  interval_seconds: 600
  runbook:
    - Compare both records with request-lookup.
    - Find out which of them the provider has, and who can write into the stream.
  references: [T1565.001]
  summary: >
    {contents:record} of {source} have the id {event_id} and other contents.
params:
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  blocks: {type: Array(UUID), default: [], description: only what these blocks brought; none for all events}
columns:
  source: format of the records
  account_id: account of the records
  event_id: id that they share
  contents: {unit: records, description: how many that differ}
  first_seen: time of the first event that shows it
  last_seen: time of the last one
  stored_until: when the last of them was stored
  events: {unit: requests, description: how many show it}
  event_ids: ids of the first ten
tags: [detection]
*/
WITH
    -- Ids of the new records under which several contents stand in the touched months and the months beside them: few,
    -- and found without reading events of these months.
    doubtful AS (
        SELECT id
        FROM event_ids
        WHERE month >= toStartOfMonth({from:DateTime64(3, 'UTC')}) - toIntervalMonth(1)
            AND month < toStartOfMonth({to:DateTime64(3, 'UTC')}) + toIntervalMonth(2)
            AND id IN (
                SELECT sipHash64(event_id)
                FROM activity
                WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
                    AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
            )
        GROUP BY id
        HAVING min(content) != max(content)
    ),
    -- As a constant, so that the index of ids is used.
    (
        SELECT groupUniqArray(100000)(event_id)
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
            AND sipHash64(event_id) IN (doubtful)
    ) AS fresh
SELECT
    source,
    account_id,
    seen.event_id AS event_id,
    uniqExact(content_hash) AS contents,
    min(event_time) AS first_seen,
    max(event_time) AS last_seen,
    max(ingested_at) AS stored_until,
    count() AS events,
    [any(seen.event_id)] AS event_ids
FROM activity AS seen
WHERE event_time >= toStartOfMonth({from:DateTime64(3, 'UTC')}) - toIntervalMonth(1)
    AND event_time < toStartOfMonth({to:DateTime64(3, 'UTC')}) + toIntervalMonth(2)
    AND notEmpty(fresh) AND seen.event_id IN (fresh)
GROUP BY source, account_id, event_id
HAVING contents > 1
ORDER BY last_seen DESC, source, account_id, event_id
