-- registry_prefix_of: the longest prefix of any network that holds an address. See registry_network_lookup.
CREATE DICTIONARY IF NOT EXISTS registry_prefix_of
(
    prefix String,
    found String
)
PRIMARY KEY prefix
SOURCE(CLICKHOUSE(USER 'keytrail_dictionaries' TABLE 'registry_prefix_lookup' DB currentDatabase()))
LIFETIME(0)
LAYOUT(IP_TRIE())
