-- What came of one push: its records lie between two positions of one chain. Those that are stored under its blocks are
-- new; the others were there before. What the store itself refused is told apart: no reader of the record could know.
WITH blocks AS
(
    SELECT DISTINCT block_id, event_time_min, event_time_max, received, dead_letters
    FROM ledger
    WHERE chain_id = {chain:UUID} AND position_to > {from:UInt64} AND position_from < {to:UInt64}
)
SELECT
    toFloat64(count()) AS new,
    toFloat64((
        SELECT count() FROM dead_letters
        WHERE reason = 'store-refused' AND block_id IN (SELECT block_id FROM blocks)
            AND stream_offset >= {from:UInt64} AND stream_offset < {to:UInt64}
    )) AS refused
FROM audit_events FINAL
WHERE event_time >= (SELECT min(event_time_min) FROM blocks WHERE received > dead_letters)
    AND event_time <= (SELECT max(event_time_max) FROM blocks WHERE received > dead_letters)
    AND block_id IN (SELECT block_id FROM blocks)
    AND stream_offset >= {from:UInt64} AND stream_offset < {to:UInt64}
SETTINGS
    use_skip_indexes_if_final_exact_mode = 0,
    optimize_move_to_prewhere_if_final = 1,
    do_not_merge_across_partitions_select_final = 1
