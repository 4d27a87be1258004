-- registry_account_at: what is known of an account at a time. See registry_account_lookup for `rules`.
--
-- Why a dictionary: a look-up by key and time costs a tenth of a microsecond, and only where a question asks for it. It is
-- loaded anew with each change of the registry and never by itself. It reads as a user of its own, without a password and
-- only from this machine, that may read and nothing else.
CREATE OR REPLACE DICTIONARY registry_account_at
(
    generation UInt64,
    account_id String,
    lookup_from DateTime64(3, 'UTC'),
    lookup_until DateTime64(3, 'UTC'),
    -- Never learned (bit 0), until 2299-12-31 23:59:59.999: 10413791999999 * 64 + 1.
    rules UInt64 DEFAULT 666482687999937,
    api_enabled_since DateTime64(3, 'UTC'),
    name String
)
PRIMARY KEY generation, account_id
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_account_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN lookup_from MAX lookup_until)
