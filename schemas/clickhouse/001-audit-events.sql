-- audit_events: one row per distinct record. Intake writes it, the dead letters and the ledger, and nothing else does.
--
-- Why this sorting key: people ask about one key over days and about all keys over a month; (account, key, time) keeps both
-- to few granules. event_id and content_hash end it, so that a redelivered record collapses onto itself (same bytes) and a
-- changed one does not (other bytes). Source and account stand in it because the content hash does not cover them.
-- Why this version column: ReplacingMergeTree keeps the highest, so counting down from the arrival keeps the *first*
-- arrival, under FINAL and after a merge; a replay changes nothing that was answered.
-- Why partitions by month of event_time: retention drops whole parts, FINAL never has to merge across them, and an insert
-- of one month is atomic.
-- Why these indexes and no others: look-ups by address, request id, event id and key. A column that is not a function of
-- the record (ingested_at, origin, network) gets none: an index on it would show a row in two windows before the merge.
-- Why these settings: the window remembers the tokens of retried inserts (at least the blocks in flight at a crash, times
-- the months in one); compact small parts make the two fsyncs cheap; a quiet month becomes one part, where FINAL is free.
CREATE TABLE IF NOT EXISTS audit_events
(
    source           LowCardinality(String),
    account_id       LowCardinality(String),
    event_id         String,
    content_hash     FixedString(16),
    schema_version   UInt16,
    event_time       DateTime64(3, 'UTC'),
    ingested_at      DateTime64(3, 'UTC'),
    key_id           LowCardinality(String),
    principal_kind   Enum8('unknown' = 0, 'api-key' = 1, 'console-user' = 2, 'system' = 3, 'service' = 4),
    principal_name   String,
    principal_email  String,
    action           LowCardinality(String),
    activity         Enum8('other' = 0, 'create' = 1, 'read' = 2, 'update' = 3, 'delete' = 4, 'authenticate' = 5),
    resource_type    LowCardinality(String),
    resource_id      String,
    resource_name    String,
    description      String,
    request_id       String,
    source_ip        IPv6,
    source_host      String,
    http_method      LowCardinality(String),
    url_path         String,
    status_code      UInt16,
    user_agent       LowCardinality(String),
    auth_result      Enum8('unknown' = 0, 'success' = 1, 'failure' = 2),
    auth_reason      Enum8('' = 0, 'missing-account-key' = 1, 'missing-user-key' = 2, 'invalid-account-key' = 3, 'invalid-user-key' = 4, 'account-mismatch' = 5, 'source-ip-not-allowed' = 6, 'api-disabled' = 7, 'other' = 8),
    outcome          Enum8('unknown' = 0, 'success' = 1, 'failure' = 2),
    error_code       LowCardinality(String),
    asn              UInt32,
    as_name          LowCardinality(String),
    country          LowCardinality(String),
    city             LowCardinality(String),
    latitude         Nullable(Float32),
    longitude        Nullable(Float32),
    network_edition  LowCardinality(String),
    stream           LowCardinality(String),
    stream_partition UInt32,
    stream_offset    UInt64,
    record_index     UInt32,
    block_id         UUID,
    raw              String CODEC(ZSTD(3)),
    arrival_order    UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(ingested_at)),
    INDEX source_ip_bloom  source_ip  TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX request_id_bloom request_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX event_id_bloom   event_id   TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX key_id_set       key_id     TYPE set(100)           GRANULARITY 1
)
ENGINE = ReplacingMergeTree(arrival_order)
PARTITION BY toYYYYMM(event_time)
PRIMARY KEY (account_id, key_id, event_time)
ORDER BY (account_id, key_id, event_time, source, event_id, content_hash)
SETTINGS
    non_replicated_deduplication_window = 10000,
    min_bytes_for_wide_part = 268435456,
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_age_to_force_merge_seconds = 21600,
    min_age_to_force_merge_on_partition_only = 1
