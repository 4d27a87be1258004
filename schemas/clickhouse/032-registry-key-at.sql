-- registry_key_at: what is known of a key at a time.
-- See registry_account_at.
CREATE DICTIONARY IF NOT EXISTS registry_key_at
(
    generation UInt64,
    account_id String,
    key_id String,
    lookup_from DateTime64(3, 'UTC'),
    lookup_until DateTime64(3, 'UTC'),
    uncertain UInt8,
    rules_from DateTime64(3, 'UTC'),
    state String DEFAULT 'unknown',
    owner String,
    app String,
    key_code UInt8 DEFAULT 1,
    list_code UInt8 DEFAULT 1,
    allow_list_from Array(IPv6),
    allow_list_to Array(IPv6)
)
PRIMARY KEY generation, account_id, key_id
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_key_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN lookup_from MAX lookup_until)
