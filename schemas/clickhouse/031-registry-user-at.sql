-- registry_user_at: what is known of a user at a time.
-- See registry_account_at.
CREATE DICTIONARY IF NOT EXISTS registry_user_at
(
    generation UInt64,
    account_id String,
    email String,
    lookup_from DateTime64(3, 'UTC'),
    lookup_until DateTime64(3, 'UTC'),
    name String,
    role String,
    state String DEFAULT 'unknown'
)
PRIMARY KEY generation, account_id, email
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_user_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN lookup_from MAX lookup_until)
