-- registry_key_version: what is known with each version of a key, by its number. See registry_key_lookup and
-- registry_account_version. The other dictionaries of keys are made from this one.
CREATE DICTIONARY IF NOT EXISTS registry_key_version
(
    version UInt64,
    generation UInt64,
    account_id String,
    key_id String,
    lookup_from DateTime64(3, 'UTC'),
    lookup_until DateTime64(3, 'UTC'),
    uncertain UInt8,
    rules_until DateTime64(3, 'UTC') DEFAULT '2299-12-31 23:59:59.999',
    state String DEFAULT 'unknown',
    owner String,
    app String,
    key_code UInt8 DEFAULT 1,
    list_code UInt8 DEFAULT 1,
    list UInt64,
    allow_list_from Array(IPv6),
    allow_list_to Array(IPv6)
)
PRIMARY KEY version
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_key_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(HASHED())
