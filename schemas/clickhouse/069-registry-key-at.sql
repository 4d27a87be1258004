-- registry_key_at: what is known of a key at a time. See registry_key_lookup for `rules` and `list`, and registry_account_at.
CREATE OR REPLACE DICTIONARY registry_key_at
(
    generation UInt64,
    account_id String,
    key_id String,
    lookup_from DateTime64(3, 'UTC'),
    lookup_until DateTime64(3, 'UTC'),
    -- No such key, so neither its state (2 * 1) nor its list (8 * 1) is known, until 2299-12-31: 10413791999999 * 64 + 10.
    rules UInt64 DEFAULT 666482687999946,
    list UInt128,
    state String DEFAULT 'unknown',
    owner String,
    app String
)
PRIMARY KEY generation, account_id, key_id
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_key_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN lookup_from MAX lookup_until)
