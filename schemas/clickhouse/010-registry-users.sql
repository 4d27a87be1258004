-- registry_users: what was learned of the users of accounts; one row per statement, appended and never changed.
--
-- A user is an email address within an account, because that is how records name people. See registry_accounts for the
-- columns that all statements share. `has_api_key` and `mfa` say whether any API key is theirs, and whether they sign in
-- with a second factor.
CREATE TABLE IF NOT EXISTS registry_users
(
    account_id   String,
    email        String,
    valid_from   DateTime64(3, 'UTC'),
    precision_ms UInt32,
    recorded_at  DateTime64(3, 'UTC'),
    retracts     Bool,
    origin       String,
    user_id      Nullable(String),
    name         Nullable(String),
    role         Nullable(String),
    active       Nullable(Bool),
    has_api_key  Nullable(Bool),
    mfa          Nullable(Bool)
)
ENGINE = MergeTree
ORDER BY (account_id, email, valid_from, recorded_at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
