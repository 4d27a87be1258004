/*
title: Ingest status
question: How far has each stream been read, what came of it, and what is still to be read?
description: >
  From the ledger, one row per partition of a stream. Everything that was delivered is counted, so a second delivery of the
  same records shows here, as already known, and nowhere else. Rows of a block that never reached the ledger count as already
  known too: the delivery that did reach it found them there.
params:
  from: {type: "DateTime64(3, 'UTC')", description: blocks recorded at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: blocks recorded before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  stream: where the records were read
  stream_partition: partition of the stream
  last_position: position after the last block
  last_event_time: time of the latest event up to the moment of asking
  lag: {unit: positions, description: from there to the end of the stream as last seen}
  blocks: {unit: blocks}
  received: {unit: records}
  new: {unit: records, description: events that the store did not hold before}
  already_known: {unit: records, description: events that the store held before}
  dead_letters: {unit: records, description: records that could not become events}
  gaps: {unit: gaps, description: times that records were lost before they could be read}
  gap_positions: {unit: positions, description: how many positions were lost}
  last_recorded_at: when the last block was recorded
tags: [operations, intake]
*/
WITH
    entries AS (
        SELECT DISTINCT
            block_id, kind, stream, stream_partition, chain_id, chain_index, position_from, position_to, stream_end,
            received, dead_letters, event_time_min, event_time_max, recorded_at
        FROM ledger
        WHERE recorded_at >= {from:DateTime64(3, 'UTC')} AND recorded_at < {to:DateTime64(3, 'UTC')}
    ),
    (
        SELECT (min(event_time_min), max(event_time_max))
        FROM entries
        WHERE kind = 'block' AND received > dead_letters
    ) AS event_times,
    stored AS (
        SELECT
            block_id,
            count() AS events,
            maxIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_event_time
        FROM activity
        WHERE event_time >= event_times.1 AND event_time <= event_times.2
            AND block_id IN (SELECT block_id FROM entries WHERE kind = 'block' AND received > dead_letters)
        GROUP BY block_id
    )
SELECT
    entries.stream AS stream,
    entries.stream_partition AS stream_partition,
    argMax(entries.position_to, (entries.recorded_at, entries.chain_index, entries.position_to)) AS last_position,
    nullIf(
        greatest(
            max(stored.last_event_time),
            maxIf(
                entries.event_time_max,
                entries.kind = 'block' AND entries.received > entries.dead_letters
                    AND entries.event_time_max <= {now:DateTime64(3, 'UTC')}
            )
        ),
        toDateTime64(0, 3, 'UTC')
    ) AS last_event_time,
    argMax(
        greatest(0, toInt64(entries.stream_end) - toInt64(entries.position_to)),
        (entries.recorded_at, entries.chain_index, entries.position_to)
    ) AS lag,
    countIf(entries.kind = 'block') AS blocks,
    sumIf(entries.received, entries.kind = 'block') AS received,
    sum(stored.events) AS new,
    toInt64(received) - toInt64(dead_letters) - toInt64(new) AS already_known,
    sumIf(entries.dead_letters, entries.kind = 'block') AS dead_letters,
    countIf(entries.kind = 'gap') AS gaps,
    sumIf(entries.position_to - entries.position_from, entries.kind = 'gap') AS gap_positions,
    max(entries.recorded_at) AS last_recorded_at
FROM entries
LEFT JOIN stored ON entries.block_id = stored.block_id
GROUP BY stream, stream_partition
ORDER BY stream, stream_partition
