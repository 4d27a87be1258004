-- dead_letters: records that could not become events, scrubbed, with reason and origin.
--
-- Why this sorting key: a letter is its content and its reason; the same bad record delivered twice is one letter. Source
-- and account stand in it because the content hash does not cover them. The first arrival is kept, as for events.
-- Why no partitions: letters are few, and one insert of them is then atomic.
-- `text` may hold bytes that are not UTF-8: it is the record as received, less its secrets.
CREATE TABLE IF NOT EXISTS dead_letters
(
    content_hash       FixedString(16),
    reason             LowCardinality(String),
    source             LowCardinality(String),
    account_id         LowCardinality(String),
    path               String,
    got                String,
    stream             LowCardinality(String),
    stream_partition   UInt32,
    stream_offset      UInt64,
    record_index       UInt32,
    block_id           UUID,
    ingested_at        DateTime64(3, 'UTC'),
    text               String CODEC(ZSTD(3)),
    text_bytes         UInt64,
    text_digest        FixedString(32),
    replayable         Bool,
    scrubber_version   UInt16,
    fingerprint_key_id LowCardinality(String),
    arrival_order      UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(ingested_at))
)
ENGINE = ReplacingMergeTree(arrival_order)
ORDER BY (content_hash, reason, source, account_id)
SETTINGS
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
