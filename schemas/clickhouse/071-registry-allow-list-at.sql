-- registry_allow_list_at: whether an allow list holds an address, by its halves; a look-up finds it in a list of any length.
-- See registry_allow_list_lookup.
CREATE DICTIONARY IF NOT EXISTS registry_allow_list_at
(
    list UInt128,
    is_within UInt8,
    upper UInt64,
    first Int64,
    last Int64
)
PRIMARY KEY list, is_within, upper
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_allow_list_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN first MAX last)
