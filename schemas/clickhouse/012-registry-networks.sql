-- registry_networks: what was learned of networks; one row per statement, appended and never changed.
--
-- A network is a name for ranges of addresses. `cidrs` is as it was written, without host bits; `cidr_from` is the first
-- address of each as addresses are stored, and `cidr_bits` its prefix length in these 128 bits. All three mean something
-- where `states_cidrs` is true. See registry_accounts for the columns that all statements share.
CREATE TABLE IF NOT EXISTS registry_networks
(
    network      String,
    valid_from   DateTime64(3, 'UTC'),
    precision_ms UInt32,
    recorded_at  DateTime64(3, 'UTC'),
    retracts     Bool,
    origin       String,
    state        Nullable(Enum8('unknown' = 0, 'active' = 1, 'ended' = 2)),
    kind         Nullable(String),
    owner        Nullable(String),
    description  Nullable(String),
    states_cidrs Bool,
    cidrs        Array(String),
    cidr_from    Array(IPv6),
    cidr_bits    Array(UInt8)
)
ENGINE = MergeTree
ORDER BY (network, valid_from, recorded_at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
