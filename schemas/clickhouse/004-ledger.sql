-- ledger: one row per block: what was received of one partition of one stream between two positions.
--
-- Rows of one chain (an assignment of a partition) follow each other by `chain_index`; `previous_digest` is the row digest
-- of the row before in its chain. Blocks may overlap (redelivery is harmless) and never leave a gap that is not a row of
-- kind 'gap'. `leaves` holds 32 bytes for each record in order: SHA-256 over 0x00 and the stored bytes; `block_digest` is
-- SHA-256 over the leaves. `signature` is empty until evidence is signed.
-- Counts of new and already known records are not stored: they are resolved when asked (question ingest-status).
CREATE TABLE IF NOT EXISTS ledger
(
    block_id           UUID,
    kind               Enum8('block' = 1, 'gap' = 2),
    stream             LowCardinality(String),
    stream_partition   UInt32,
    chain_id           UUID,
    chain_index        UInt32,
    position_from      UInt64,
    position_to        UInt64,
    stream_end         UInt64,
    received           UInt32,
    dead_letters       UInt32,
    event_time_min     DateTime64(3, 'UTC'),
    event_time_max     DateTime64(3, 'UTC'),
    received_at        DateTime64(3, 'UTC'),
    recorded_at        DateTime64(3, 'UTC'),
    scrubber_version   UInt16,
    fingerprint_key_id LowCardinality(String),
    leaves             String CODEC(NONE),
    block_digest       FixedString(32),
    previous_digest    FixedString(32),
    row_digest         FixedString(32),
    signature          String
)
ENGINE = MergeTree
ORDER BY (stream, stream_partition, recorded_at, chain_id, chain_index)
SETTINGS
    non_replicated_deduplication_window = 10000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
