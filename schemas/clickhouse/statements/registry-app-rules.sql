-- The app rules that are in force, first match first.
SELECT rule, app, key_pattern, user_agent_pattern, network
FROM app_rules
WHERE recorded_at = (
    SELECT max(recorded_at) FROM registry_imports WHERE state = 'committed' AND states_app_rules
)
ORDER BY position
