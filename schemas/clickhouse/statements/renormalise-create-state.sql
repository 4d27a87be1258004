-- Which month is being rewritten, and which parts of it the snapshot holds: those that end at block_low in any case,
-- those that begin behind block_high in no case.
CREATE TABLE renormalise_state
(
    month      UInt32,
    block_low  Int64,
    block_high Int64
)
ENGINE = MergeTree
ORDER BY month
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
