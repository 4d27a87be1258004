-- What the network database says of each address of a month, for one run.
CREATE TABLE renormalise_networks
(
    source_ip       IPv6,
    asn             UInt32,
    as_name         String,
    country         String,
    city            String,
    latitude        Nullable(Float32),
    longitude       Nullable(Float32),
    network_edition String
)
ENGINE = MergeTree
ORDER BY source_ip
