-- suppressions: what is known and shall not be alerted on, until when, by whom and why; appended and never changed.
--
-- A row that repeats an id with an earlier end takes it back. `entity` holds patterns by column, `*` for any text.
CREATE TABLE IF NOT EXISTS suppressions
(
    id         String,
    at         DateTime64(3, 'UTC'),
    rule       String,
    entity     Map(String, String),
    cidr       String,
    until      DateTime64(3, 'UTC'),
    author     String,
    reason     String
)
ENGINE = MergeTree
ORDER BY (id, at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
