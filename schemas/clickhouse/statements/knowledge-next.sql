-- The change of the registry behind a place, and since when it says something of networks and of the rules of apps.
SELECT
    toFloat64(toUnixTimestamp64Milli(recorded_at)) AS at,
    any(origin) AS origin,
    max(states_app_rules) AS states_app_rules,
    (
        SELECT count() = 0 ? NULL : toFloat64(toUnixTimestamp64Milli(min(valid_from)))
        FROM registry_networks
        WHERE registry_networks.recorded_at = (
            SELECT min(registry_imports.recorded_at)
            FROM registry_imports
            WHERE state = 'committed' AND registry_imports.recorded_at > {after:DateTime64(3, 'UTC')}
        )
    ) AS networks_since
FROM registry_imports
WHERE state = 'committed' AND recorded_at > {after:DateTime64(3, 'UTC')}
GROUP BY recorded_at
ORDER BY recorded_at
LIMIT 1
