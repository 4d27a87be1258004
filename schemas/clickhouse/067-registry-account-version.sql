-- registry_account_version: what is known with each version of an account, by its number. See registry_account_lookup.
--
-- Why dictionaries: a look-up costs a tenth of a microsecond or less, and only where a question asks for it. They are loaded
-- anew with each change of the registry and never by themselves. They read as a user of their own, without a password and
-- only from this machine, that may read and nothing else.
--
-- Why two: the version that was so at a time is looked for once in an event, in registry_account_at, and what it says costs a
-- tenth of that, however much is asked.
CREATE DICTIONARY IF NOT EXISTS registry_account_version
(
    version UInt64,
    generation UInt64,
    account_id String,
    lookup_from DateTime64(3, 'UTC'),
    lookup_until DateTime64(3, 'UTC'),
    uncertain UInt8,
    rules_until DateTime64(3, 'UTC') DEFAULT '2299-12-31 23:59:59.999',
    name String,
    account_key_code UInt8,
    account_key_assumed UInt8 DEFAULT 1,
    api_enabled_since DateTime64(3, 'UTC')
)
PRIMARY KEY version
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_account_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(HASHED())
