/*
title: Gaps of streams
question: Which records were lost before they could be read, and from where to where?
description: >
  One row per gap of a partition: the broker had dropped the records before they were read. What was in them is not
  known, and no answer about the time around the gap is complete. The same gap, recorded by several readers, is one.
params:
  from: {type: "DateTime64(3, 'UTC')", description: gaps recorded at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: gaps recorded before this time}
columns:
  recorded_at: when the gap was noticed
  stream: where the records were to be read
  stream_partition: partition of the stream
  position_from: first position that was lost
  position_to: position after the last one
  positions: {unit: positions, description: how many were lost}
tags: [operations, integrity, gap]
*/
SELECT
    min(gap.recorded_at) AS recorded_at,
    gap.stream AS stream,
    gap.stream_partition AS stream_partition,
    gap.position_from AS position_from,
    gap.position_to AS position_to,
    gap.position_to - gap.position_from AS positions
FROM ledger AS gap
WHERE gap.kind = 'gap'
    AND gap.recorded_at >= {from:DateTime64(3, 'UTC')} AND gap.recorded_at < {to:DateTime64(3, 'UTC')}
GROUP BY stream, stream_partition, position_from, position_to
ORDER BY recorded_at, stream, stream_partition, position_from, position_to
