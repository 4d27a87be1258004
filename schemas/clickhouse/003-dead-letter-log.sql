-- dead_letter_log: what was done about a letter, appended and never changed; a letter's state is its latest action.
CREATE TABLE IF NOT EXISTS dead_letter_log
(
    content_hash FixedString(16),
    reason       LowCardinality(String),
    source       LowCardinality(String),
    account_id   LowCardinality(String),
    at           DateTime64(3, 'UTC'),
    action       Enum8('replayed' = 1, 'refused-again' = 2),
    run_id       UUID,
    event_source LowCardinality(String),
    event_account_id LowCardinality(String),
    event_id     String,
    detail       String
)
ENGINE = MergeTree
ORDER BY (content_hash, reason, source, account_id, at, run_id)
SETTINGS
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
