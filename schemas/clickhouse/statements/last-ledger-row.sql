-- The last row of a partition of a stream, which a new chain names as the one before its first.
SELECT
    lower(hex(row_digest)) AS row_digest,
    toFloat64(position_to) AS position_to
FROM ledger
WHERE stream = {stream:String} AND stream_partition = {partition:UInt32}
ORDER BY recorded_at DESC, chain_id DESC, chain_index DESC
LIMIT 1
