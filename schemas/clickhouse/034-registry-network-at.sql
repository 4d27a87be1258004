-- registry_network_at: the networks that hold an address, by longest prefix. See registry_network_lookup and
-- registry_account_at.
CREATE DICTIONARY IF NOT EXISTS registry_network_at
(
    prefix String,
    generations Array(UInt64),
    valid_from Array(DateTime64(3, 'UTC')),
    valid_until Array(DateTime64(3, 'UTC')),
    is_ipv4 Array(UInt8),
    networks Array(String),
    kinds Array(String)
)
PRIMARY KEY prefix
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_network_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(IP_TRIE())
