-- registry_counted: which changes count in which generation: all that were committed up to it, and its own.
CREATE OR REPLACE VIEW registry_counted AS
SELECT kept.generation AS generation, changes.recorded_at AS recorded_at
FROM registry_generations AS kept
CROSS JOIN
(
    SELECT recorded_at, max(state = 'committed') AS committed
    FROM registry_imports
    GROUP BY recorded_at
) AS changes
WHERE changes.recorded_at <= kept.recorded_at AND (changes.committed OR changes.recorded_at = kept.recorded_at)
