-- Every change of the registry that counts, the latest first: when, from what, and how much it said.
SELECT recorded_at, origin, statements, states_app_rules
FROM registry_imports
WHERE state = 'committed'
ORDER BY recorded_at DESC
LIMIT {limit:UInt32}
