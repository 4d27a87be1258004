-- registry_now: one row with the generation of the registry that is current and the app rules that are in force with it. A
-- question reads it once, and so keeps to one state of both.
CREATE OR REPLACE VIEW registry_now AS
SELECT
    current.generation AS generation,
    rules.names AS rule_names,
    rules.apps AS rule_apps,
    rules.expressions AS rule_expressions
FROM
(
    SELECT
        toUInt64(toUnixTimestamp64Milli(maxIf(recorded_at, state = 'committed'))) AS generation,
        maxIf(recorded_at, state = 'committed' AND states_app_rules) AS rules_stated_at
    FROM registry_imports
) AS current
LEFT JOIN
(
    SELECT
        recorded_at,
        arrayMap(rule -> rule.2, arraySort(groupArray((position, rule, app, expression))) AS sorted) AS names,
        arrayMap(rule -> rule.3, sorted) AS apps,
        arrayMap(rule -> rule.4, sorted) AS expressions
    FROM app_rules
    GROUP BY recorded_at
) AS rules ON rules.recorded_at = current.rules_stated_at
