-- registry_account_at: which version of an account was so at a time. See registry_account_version.
CREATE OR REPLACE DICTIONARY registry_account_at
(
    generation UInt64,
    account_id String,
    lookup_from DateTime64(3, 'UTC'),
    lookup_until DateTime64(3, 'UTC'),
    version UInt64
)
PRIMARY KEY generation, account_id
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_account_version' DB currentDatabase()))
LIFETIME(0)
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN lookup_from MAX lookup_until)
