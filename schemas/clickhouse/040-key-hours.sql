-- key_hours: how much a key did in each hour, for what is unusual in volume or time.
--
-- An hour is counted anew, whole, whenever a block touched it: the row that was counted last stands. Adding up what
-- blocks
-- bring would count a redelivered record twice. Events whose time was in the future when they were stored do not count.
CREATE TABLE IF NOT EXISTS key_hours
(
    account_id    LowCardinality(String),
    key_id        LowCardinality(String),
    hour          DateTime('UTC'),
    requests      UInt64,
    successes     UInt64,
    auth_failures UInt64,
    counted_at    DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(counted_at)
PARTITION BY toYYYYMM(hour)
ORDER BY (account_id, key_id, hour)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
