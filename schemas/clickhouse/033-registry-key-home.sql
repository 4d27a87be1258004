-- registry_key_home: the account in which a key of this name is or ever was; empty where there are several. See
-- registry_account_at.
CREATE DICTIONARY IF NOT EXISTS registry_key_home
(
    generation UInt64,
    key_id String,
    account_id String
)
PRIMARY KEY generation, key_id
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_key_home_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(COMPLEX_KEY_HASHED())
