/*
title: Late events
question: Which events of the range were stored long after they happened, and how late?
description: >
  One row per source and stream with an event that was stored more than late_hours after its own time, as it was stored
  first. An answer about the range that was given before "last_stored" did not know of them. The first reading of old
  files is late as well.
params:
  late_hours: {type: UInt32, default: 24, description: hours from an event to its being stored that are usual}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  source: record format that the events came in
  stream: where they were read
  events: {unit: events, description: of the range}
  late: {unit: events, description: those of them that were stored late}
  share: {unit: share, description: part of the events of this source and stream}
  latest: {unit: hours, description: the longest that one of them took}
  first_event_time: time of the first late event
  last_event_time: time of the last late event
  last_stored: when the last of them was stored
tags: [operations, integrity, late]
*/
WITH ingested_at > event_time + toIntervalHour({late_hours:UInt32}) AS is_late
SELECT
    source,
    stream,
    count() AS events,
    countIf(is_late) AS late,
    late / events AS share,
    toFloat64(maxIf(dateDiff('minute', event_time, ingested_at), is_late)) / 60 AS latest,
    minIf(event_time, is_late) AS first_event_time,
    maxIf(event_time, is_late) AS last_event_time,
    maxIf(ingested_at, is_late) AS last_stored
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY source, stream
HAVING late > 0
ORDER BY late DESC, source, stream
