-- access_tokens: who may talk to a daemon. Appended and never changed: a token's state is its latest action.
--
-- Of a token only a digest is kept. It is 32 random bytes, so a plain digest is enough: there is nothing to guess. A token
-- of a role that reads is limited to `accounts` where they are not empty; one that pushes brings records of `source`, and
-- of the one account in `accounts` where there is one.
CREATE TABLE IF NOT EXISTS access_tokens
(
    token_id   String,
    at         DateTime64(3, 'UTC'),
    action     Enum8('added' = 1, 'revoked' = 2),
    name       String,
    role       LowCardinality(String),
    digest     String,
    accounts   Array(String),
    source     LowCardinality(String),
    expires_at Nullable(DateTime64(3, 'UTC'))
)
ENGINE = MergeTree
ORDER BY (token_id, at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
