-- The networks as they are known to be at one instant.
SELECT
    network,
    ifNull(kind, '') AS kind,
    ifNull(owner, '') AS owner,
    ifNull(description, '') AS description,
    cidrs,
    valid_from,
    valid_to,
    origin
FROM registry_network_versions
WHERE state = 'active'
    AND valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {at:DateTime64(3, 'UTC')})
ORDER BY network
