-- The parts of a month. Their block numbers grow with each insert, and a merged part spans those of its parts.
SELECT
    name,
    toFloat64(min_block_number) AS block_from,
    toFloat64(max_block_number) AS block_to
FROM system.parts
WHERE database = currentDatabase() AND table = 'audit_events' AND active AND partition_id = {month:String} AND rows > 0
ORDER BY name
