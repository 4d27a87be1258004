-- registry_network_at: the networks that hold the addresses of a prefix at a time, by longest prefix: the first is `network`.
-- See registry_network_lookup.
CREATE OR REPLACE DICTIONARY registry_network_at
(
    generation UInt64,
    prefix String,
    family UInt8,
    lookup_from DateTime64(3, 'UTC'),
    lookup_until DateTime64(3, 'UTC'),
    network String,
    kind String,
    valid_from Array(DateTime64(3, 'UTC')),
    valid_until Array(DateTime64(3, 'UTC')),
    networks Array(String),
    kinds Array(String)
)
PRIMARY KEY generation, prefix, family
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_network_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(COMPLEX_KEY_RANGE_HASHED())
RANGE(MIN lookup_from MAX lookup_until)
