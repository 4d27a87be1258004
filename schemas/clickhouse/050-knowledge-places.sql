-- knowledge_places: how far each detection has looked again at what changes of the registry say of the past.
--
-- `done` is the last change that was looked at whole, as a place in the order of changes: each has an instant of its own
-- that is later than that of every change before it. `stage`, `after_key` and `from_day` are the place within the next
-- one. The row that was written last stands.
CREATE TABLE IF NOT EXISTS knowledge_places
(
    rule      LowCardinality(String),
    done      DateTime64(3, 'UTC'),
    stage     Enum8('wide' = 1, 'keys' = 2),
    after_key String,
    from_day  Date,
    moved     UInt64
)
ENGINE = ReplacingMergeTree(moved)
ORDER BY rule
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
