-- store_facts: what is true of this store as a whole (check value of the store key, when it was made), appended; the first value of a name stands.
CREATE TABLE IF NOT EXISTS store_facts
(
    name        String,
    value       String,
    recorded_at DateTime64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (name, recorded_at)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
