-- report_runs: what became of the runs of schedules; appended and never changed.
--
-- `known` is the first row of a schedule: its runs count from then on. A period needs no run any more when all of its
-- documents are stored (`made`) or nobody tries any longer (`given-up`); `failed` counts attempts.
-- Why this sorting key: what is asked is the last row of each period of a schedule.
CREATE TABLE IF NOT EXISTS report_runs
(
    schedule  LowCardinality(String),
    period    String,
    at        DateTime64(3, 'UTC'),
    result    Enum8('known' = 1, 'failed' = 2, 'made' = 3, 'given-up' = 4),
    attempt   UInt16,
    documents UInt32,
    detail    String
)
ENGINE = MergeTree
ORDER BY (schedule, period, at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
