-- deliveries: what was decided of each alert, and what became of sending it; appended and never changed.
--
-- An alert on an occasion (it opened, opened again, was resolved) is decided on once, for all channels in one insert:
-- `planned` to be sent, `held` for a digest, `unrouted` where no route wants it. What was planned is sent until a row
-- says that it was delivered or given up; `again` is a person's wish to send it once more. `message` is the key by which
-- receivers know a second copy. A digest is planned with its members before it is sent, so that it stays the same.
-- Why this sorting key: what is asked is the last row of each message.
CREATE TABLE IF NOT EXISTS deliveries
(
    message     String,
    at          DateTime64(3, 'UTC'),
    result      Enum8(
        'held' = 1, 'planned' = 2, 'failed' = 3, 'delivered' = 4, 'given-up' = 5, 'again' = 6, 'unrouted' = 7
    ),
    attempt     UInt16,
    channel     LowCardinality(String),
    occasion    Enum8('opened' = 1, 'reopened' = 2, 'resolved' = 3, 'digest' = 4),
    fingerprint String,
    occasion_at DateTime64(3, 'UTC'),
    detail      String,
    members     Array(String)
)
ENGINE = MergeTree
ORDER BY (message, at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
