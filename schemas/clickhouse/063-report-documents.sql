-- report_documents: reports that were made for somebody, as they were when they were made; the first one stands.
--
-- A document is stored before anything of it is sent, and it is the intent as well: `messages` are the keys of what
-- is to be sent and `channels` where to, in one row, so that there is never the one without the other. What became of
-- them is in report_deliveries. Files are not kept: every format is written from `document`, today and next year.
-- `document_id` is made of what the report is about and of who gets it, so making one a second time is no second one.
-- Why this sorting key: what is asked is one document; lists read the narrow columns, of which there are few.
CREATE TABLE IF NOT EXISTS report_documents
(
    document_id     String,
    report_id       String,
    schedule        LowCardinality(String),
    kind            LowCardinality(String),
    title           String,
    period          String,
    period_from     DateTime64(3, 'UTC'),
    period_to       DateTime64(3, 'UTC'),
    zone            LowCardinality(String),
    is_provisional  Bool,
    account_id      String,
    owner           String,
    author          String,
    summary         String,
    rows            UInt64,
    sections_failed UInt16,
    formats         Array(LowCardinality(String)),
    messages        Array(String),
    channels        Array(LowCardinality(String)),
    is_addressed    Bool,
    recipients      Array(String),
    bytes           UInt64,
    document        String CODEC(ZSTD(3)),
    stored_at       DateTime64(3, 'UTC'),
    stored_order    UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(stored_at))
)
ENGINE = ReplacingMergeTree(stored_order)
ORDER BY document_id
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
