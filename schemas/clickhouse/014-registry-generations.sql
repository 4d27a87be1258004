-- registry_generations: the states of the registry that the dictionaries hold, each under its own number.
--
-- A question keeps to the generation that was current when it began, so one that was superseded stays for longer than a
-- question may take. The last one may be staged: loaded, and not yet current.
CREATE OR REPLACE VIEW registry_generations AS
WITH
    changes AS (
        SELECT recorded_at, maxIf(at, state = 'committed') AS committed_at
        FROM registry_imports
        GROUP BY recorded_at
    ),
    followed AS (
        SELECT
            recorded_at,
            leadInFrame(committed_at) OVER (
                ORDER BY recorded_at ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            ) AS superseded_at
        FROM changes
        WHERE committed_at > toDateTime64(0, 3, 'UTC')
    )
SELECT toUInt64(toUnixTimestamp64Milli(recorded_at)) AS generation, recorded_at
FROM followed
WHERE superseded_at = toDateTime64(0, 3, 'UTC') OR superseded_at > now64(3) - INTERVAL 120 SECOND
UNION ALL
SELECT toUInt64(toUnixTimestamp64Milli(max(changes.recorded_at))) AS generation, max(changes.recorded_at) AS recorded_at
FROM changes
HAVING count() > 0 AND max(changes.recorded_at) > maxIf(changes.recorded_at, changes.committed_at > toDateTime64(0, 3, 'UTC'))
