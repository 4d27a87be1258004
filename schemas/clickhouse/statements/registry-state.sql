-- The last change of the registry, and how much its dictionaries hold.
SELECT
    toUnixTimestamp64Milli(maxIf(recorded_at, state = 'committed')) AS committed_at_ms,
    toUnixTimestamp64Milli(max(recorded_at)) AS recorded_at_ms,
    toUInt32((SELECT count() FROM registry_generations)) AS generations,
    toUInt32(
        (SELECT count() FROM registry_accounts) + (SELECT count() FROM registry_users)
        + (SELECT count() FROM registry_keys) + (SELECT count() FROM registry_networks)
    ) AS statements
FROM registry_imports
