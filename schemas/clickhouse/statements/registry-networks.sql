-- What was ever said of networks, by changes that count.
SELECT
    [network] AS id,
    toUnixTimestamp64Milli(valid_from) AS valid_from_ms,
    precision_ms,
    toUnixTimestamp64Milli(recorded_at) AS recorded_at_ms,
    retracts,
    origin,
    state,
    kind,
    owner,
    description,
    states_cidrs,
    cidrs
FROM registry_networks
WHERE recorded_at IN (SELECT recorded_at FROM registry_imports WHERE state = 'committed')
