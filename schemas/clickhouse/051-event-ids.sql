-- event_ids: which contents stand under an id in which month, as far as it takes to find ids that came with several.
--
-- Both are cut to 64 bits: what looks like a conflict here is read from the events, and two contents that are cut to the
-- same are one in 10^19. What is told twice is one row. Why this sorting key: it makes rows that say the same collapse,
-- and contents of one id stand side by side.
CREATE TABLE IF NOT EXISTS event_ids
(
    id         UInt64,
    source     LowCardinality(String),
    account_id LowCardinality(String),
    content    UInt64,
    month      Date
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(month)
ORDER BY (id, source, account_id, content)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
