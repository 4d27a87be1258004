-- detection_cursors: how far each detection has looked, as a position in each chain of the ledger.
--
-- Never a time: a block that was retried for an hour becomes visible behind others that are younger.
CREATE TABLE IF NOT EXISTS detection_cursors
(
    rule        LowCardinality(String),
    chain_id    UUID,
    next_index  UInt32,
    moved_at    DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(next_index)
ORDER BY (rule, chain_id)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
