-- What is known of one network over time.
SELECT
    network, valid_from, valid_to,
    toString(state) AS state,
    ifNull(kind, '') AS kind,
    ifNull(owner, '') AS owner,
    ifNull(description, '') AS description,
    cidrs, precision_ms, recorded_at, origin
FROM registry_network_versions
WHERE network = {network:String}
ORDER BY valid_from
