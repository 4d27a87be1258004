-- registry_account_timeline: what is known of each account from when to when, in each generation of the registry.
--
-- Of what was said of one instant the last that was recorded stands, less what was taken back. Each attribute then holds
-- until it is said anew; NULL: unknown. `valid_to` is the next instant of which something was said, NULL: open. The program
-- folds statements in the same way before it adds some (src/core/registry/timeline.ts); a test holds one to the other.
CREATE OR REPLACE VIEW registry_account_timeline AS
WITH
    standing AS (
        SELECT *
        FROM
        (
            SELECT
                counted.generation AS generation,
                said.*,
                maxIf(said.recorded_at, said.retracts) OVER (
                    PARTITION BY counted.generation, said.account_id, said.valid_from
                ) AS retracted_at
            FROM registry_accounts AS said
            INNER JOIN registry_counted AS counted ON said.recorded_at = counted.recorded_at
        )
        WHERE NOT retracts AND recorded_at >= retracted_at
    ),
    stated AS (
        SELECT
            standing.generation AS generation,
            standing.account_id AS account_id,
            standing.valid_from AS valid_from,
            max(standing.recorded_at) AS recorded_at,
            argMax(standing.precision_ms, standing.recorded_at) AS precision_ms,
            argMax(standing.origin, standing.recorded_at) AS origin,
            argMax(standing.name, standing.recorded_at) AS name,
            argMax(standing.account_key_state, standing.recorded_at) AS account_key_state,
            argMax(standing.api_enabled_since, standing.recorded_at) AS api_enabled_since
        FROM standing
        GROUP BY standing.generation, standing.account_id, standing.valid_from
    )
SELECT
    said.generation AS generation,
    said.account_id AS account_id,
    said.valid_from AS valid_from,
    leadInFrame(toNullable(said.valid_from)) OVER following AS valid_to,
    said.precision_ms AS precision_ms,
    said.recorded_at AS recorded_at,
    said.origin AS origin,
    argMax(said.name, said.valid_from) OVER so_far AS name,
    argMax(said.account_key_state, said.valid_from) OVER so_far AS account_key_state,
    argMax(said.api_enabled_since, said.valid_from) OVER so_far AS api_enabled_since
FROM stated AS said
WINDOW
    so_far AS (
        PARTITION BY said.generation, said.account_id ORDER BY said.valid_from
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ),
    following AS (
        PARTITION BY said.generation, said.account_id ORDER BY said.valid_from
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    )
