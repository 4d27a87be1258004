-- The blocks that became visible of late, in the order in which they were entered.
SELECT DISTINCT
    toString(block_id) AS block_id,
    toString(chain_id) AS chain_id,
    toFloat64(chain_index) AS chain_index,
    toFloat64(received - dead_letters) AS events,
    stream,
    stream_partition,
    toFloat64(position_from) AS position_from,
    toFloat64(position_to) AS position_to,
    toFloat64(toUnixTimestamp64Milli(event_time_min)) AS from_ms,
    toFloat64(toUnixTimestamp64Milli(event_time_max)) AS to_ms,
    toFloat64(toUnixTimestamp64Milli(recorded_at)) AS recorded_at_ms
FROM ledger
WHERE kind = 'block' AND recorded_at >= {since:DateTime64(3, 'UTC')}
ORDER BY recorded_at, chain_id, chain_index
