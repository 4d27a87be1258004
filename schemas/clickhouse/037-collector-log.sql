-- collector_log: what a collector has read of a source that has no stream, appended and never changed; the row with the greatest
-- number is where it stands.
--
-- `state` is what the collector goes on from: the position that is proved, and walks that were not finished. It is written
-- only after every row that it claims is durable. Counts are those since the row before. `resource` is empty for the collector
-- of an account as a whole, whose rows say when it began and whether it was stopped in order.
-- Why this sorting key: a collector asks for its own last row when it starts, and people ask for a few resources over days.
CREATE TABLE IF NOT EXISTS collector_log
(
    collector           LowCardinality(String),
    account_id          LowCardinality(String),
    resource            LowCardinality(String),
    number              UInt64,
    recorded_at         DateTime64(3, 'UTC'),
    kind                Enum8('begun' = 1, 'progress' = 2, 'done' = 3, 'failed' = 4, 'stopped' = 5),
    position_time       Nullable(DateTime64(3, 'UTC')),
    requests            UInt32,
    rows_new            UInt64,
    rows_late           UInt64,
    gaps                UInt32,
    minute_requests     UInt32,
    minute_requests_max UInt32,
    failure             LowCardinality(String),
    detail              String,
    state               String
)
ENGINE = MergeTree
ORDER BY (collector, account_id, resource, number)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
