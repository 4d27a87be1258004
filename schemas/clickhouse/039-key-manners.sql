-- key_manners: on which days, and from when to when, a key was used by a client or for an operation. See key_places.
CREATE TABLE IF NOT EXISTS key_manners
(
    account_id LowCardinality(String),
    key_id     LowCardinality(String),
    key_since  DateTime64(3, 'UTC'),
    kind       Enum8('user-agent' = 1, 'action' = 2),
    value      String,
    day        Date,
    first_at   SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_at    SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (account_id, key_id, key_since, kind, value, day)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
