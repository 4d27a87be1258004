-- Blocks and gaps as they were entered, the latest first. A row that was entered twice is one.
SELECT DISTINCT
    recorded_at, received_at,
    toString(kind) AS kind,
    stream, stream_partition, position_from, position_to, stream_end, received, dead_letters,
    if(kind = 'block' AND received > dead_letters, event_time_min, NULL) AS first_event_time,
    if(kind = 'block' AND received > dead_letters, event_time_max, NULL) AS last_event_time,
    block_id, chain_id, chain_index,
    lower(hex(block_digest)) AS block_digest
FROM ledger
WHERE recorded_at >= {from:DateTime64(3, 'UTC')} AND recorded_at < {to:DateTime64(3, 'UTC')}
    AND ({stream:String} = '' OR stream = {stream:String})
ORDER BY recorded_at DESC, stream, stream_partition, chain_id, chain_index DESC
LIMIT {limit:UInt32}
