-- What came of pushes, several at once: each is a range of positions within a block, and a block may hold several pushes.
-- Those that are stored under the block are new; the others were there before. What the store itself refused is told
-- apart: no reader of the record could know. Only rows of the same bytes are merged to see which was first: content_hash
-- is of the sorting key, so that condition acts before the merge, and everything else is read in narrow columns.
SELECT
    arrayFirstIndex(
        (block, first, end) -> block = block_id AND stream_offset >= first AND stream_offset < end,
        {blocks:Array(UUID)}, {firsts:Array(UInt64)}, {ends:Array(UInt64)}
    ) AS range,
    toFloat64(countIf(NOT is_refused)) AS new,
    toFloat64(countIf(is_refused)) AS refused
FROM
(
    SELECT block_id, stream_offset, false AS is_refused
    FROM audit_events FINAL
    WHERE event_time >= fromUnixTimestamp64Milli({time_from:Int64}, 'UTC')
        AND event_time <= fromUnixTimestamp64Milli({time_to:Int64}, 'UTC')
        AND block_id IN {blocks:Array(UUID)}
        AND content_hash IN
        (
            SELECT content_hash
            FROM audit_events
            WHERE event_time >= fromUnixTimestamp64Milli({time_from:Int64}, 'UTC')
                AND event_time <= fromUnixTimestamp64Milli({time_to:Int64}, 'UTC')
                AND block_id IN {blocks:Array(UUID)}
        )
    UNION ALL
    SELECT block_id, stream_offset, true AS is_refused
    FROM dead_letters
    WHERE reason = 'store-refused' AND block_id IN {blocks:Array(UUID)}
)
GROUP BY range
SETTINGS
    use_skip_indexes_if_final_exact_mode = 0,
    optimize_move_to_prewhere_if_final = 1,
    do_not_merge_across_partitions_select_final = 1
