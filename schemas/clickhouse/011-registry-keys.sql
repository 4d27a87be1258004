-- registry_keys: what was learned of user keys; one row per statement, appended and never changed.
--
-- A key is a name within an account, because that is what records tell. A name that is used again after its key ended is
-- another key: its first statement says `active` after one that said `deleted` or `revoked`, and inherits nothing.
-- `allow_list` is as it was written; `allow_list_from` and `allow_list_to` are the same as inclusive ranges of addresses as
-- they are stored, made by the writer: a malformed range would end every question, and a range of IPv6 must not hold the
-- mapped addresses of IPv4. All three mean something where `allow_list_state` is not NULL. `fingerprint` is keyed and tells
-- nothing of its secret. See registry_accounts for the other columns.
CREATE TABLE IF NOT EXISTS registry_keys
(
    account_id       String,
    key_id           String,
    valid_from       DateTime64(3, 'UTC'),
    precision_ms     UInt32,
    recorded_at      DateTime64(3, 'UTC'),
    retracts         Bool,
    origin           String,
    state            Nullable(Enum8('unknown' = 0, 'active' = 1, 'deleted' = 2, 'revoked' = 3)),
    owner            Nullable(String),
    app              Nullable(String),
    purpose          Nullable(String),
    created_at       Nullable(DateTime64(3, 'UTC')),
    created_by       Nullable(String),
    fingerprint      Nullable(String),
    allow_list_state Nullable(Enum8('unknown' = 0, 'none' = 1, 'defined' = 2)),
    allow_list       Array(String),
    allow_list_from  Array(IPv6),
    allow_list_to    Array(IPv6)
)
ENGINE = MergeTree
ORDER BY (account_id, key_id, valid_from, recorded_at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
