-- Blocks whose rows of the ledger stand behind a position in their chain; oldest first.
SELECT
    chain_id,
    chain_index,
    block_id,
    toFloat64(toUnixTimestamp64Milli(event_time_min)) AS from_ms,
    toFloat64(toUnixTimestamp64Milli(event_time_max)) AS to_ms,
    received,
    dead_letters
FROM ledger
WHERE chain_index >= transform(toString(chain_id), {chains:Array(String)}, {indexes:Array(UInt32)}, toUInt32(0))
ORDER BY recorded_at, chain_id, chain_index
LIMIT {blocks_max:UInt32}
