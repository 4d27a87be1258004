-- report_deliveries: what became of sending reports; appended and never changed.
--
-- That a document is to be sent is said by the document. It is sent until a row says that it was delivered or given up;
-- `again` is a person's wish to send it once more. `message` is the key by which receivers know a second copy.
-- Why this sorting key: what is asked is the last row of each message.
CREATE TABLE IF NOT EXISTS report_deliveries
(
    message     String,
    document_id String,
    channel     LowCardinality(String),
    at          DateTime64(3, 'UTC'),
    result      Enum8('failed' = 1, 'delivered' = 2, 'given-up' = 3, 'again' = 4),
    attempt     UInt16,
    detail      String
)
ENGINE = MergeTree
ORDER BY (message, at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
