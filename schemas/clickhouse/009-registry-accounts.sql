-- registry_accounts: what was learned of accounts; one row per statement, appended and never changed.
--
-- A column that is NULL says nothing. `valid_from`: since when it is so, `precision_ms`: how exactly that is known;
-- `recorded_at`: when keytrail learned it, `origin`: from what. A row that retracts takes back what was recorded before it
-- about the same instant.
CREATE TABLE IF NOT EXISTS registry_accounts
(
    account_id        String,
    valid_from        DateTime64(3, 'UTC'),
    precision_ms      UInt32,
    recorded_at       DateTime64(3, 'UTC'),
    retracts          Bool,
    origin            String,
    name              Nullable(String),
    account_key_state Nullable(Enum8('unknown' = 0, 'valid' = 1, 'invalid' = 2)),
    api_enabled_since Nullable(DateTime64(3, 'UTC'))
)
ENGINE = MergeTree
ORDER BY (account_id, valid_from, recorded_at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
