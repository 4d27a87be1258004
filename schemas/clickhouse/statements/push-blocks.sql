-- The blocks under which pushed records may be stored: those of their chains, between the positions of the first and the last.
SELECT DISTINCT
    chain_id,
    block_id,
    toFloat64(position_from) AS position_from,
    toFloat64(position_to) AS position_to,
    toFloat64(if(received > dead_letters, toUnixTimestamp64Milli(event_time_min), 0)) AS event_time_min,
    toFloat64(if(received > dead_letters, toUnixTimestamp64Milli(event_time_max), 0)) AS event_time_max,
    received > dead_letters AS has_events
FROM ledger
WHERE stream IN {streams:Array(String)} AND chain_id IN {chains:Array(UUID)} AND position_to > {from:UInt64} AND position_from < {to:UInt64}
