-- registry_user_timeline: what is known of each user from when to when, in each generation of the registry; folded as
-- registry_account_timeline is.
CREATE OR REPLACE VIEW registry_user_timeline AS
WITH
    standing AS (
        SELECT *
        FROM
        (
            SELECT
                counted.generation AS generation,
                said.*,
                maxIf(said.recorded_at, said.retracts) OVER (
                    PARTITION BY counted.generation, said.account_id, said.email, said.valid_from
                ) AS retracted_at
            FROM registry_users AS said
            INNER JOIN registry_counted AS counted ON said.recorded_at = counted.recorded_at
        )
        WHERE NOT retracts AND recorded_at >= retracted_at
    ),
    stated AS (
        SELECT
            standing.generation AS generation,
            standing.account_id AS account_id,
            standing.email AS email,
            standing.valid_from AS valid_from,
            max(standing.recorded_at) AS recorded_at,
            argMax(standing.precision_ms, standing.recorded_at) AS precision_ms,
            argMax(standing.origin, standing.recorded_at) AS origin,
            argMax(standing.user_id, standing.recorded_at) AS user_id,
            argMax(standing.name, standing.recorded_at) AS name,
            argMax(standing.role, standing.recorded_at) AS role,
            argMax(standing.active, standing.recorded_at) AS active,
            argMax(standing.has_api_key, standing.recorded_at) AS has_api_key,
            argMax(standing.mfa, standing.recorded_at) AS mfa
        FROM standing
        GROUP BY standing.generation, standing.account_id, standing.email, standing.valid_from
    )
SELECT
    said.generation AS generation,
    said.account_id AS account_id,
    said.email AS email,
    said.valid_from AS valid_from,
    leadInFrame(toNullable(said.valid_from)) OVER following AS valid_to,
    said.precision_ms AS precision_ms,
    said.recorded_at AS recorded_at,
    said.origin AS origin,
    argMax(said.user_id, said.valid_from) OVER so_far AS user_id,
    argMax(said.name, said.valid_from) OVER so_far AS name,
    argMax(said.role, said.valid_from) OVER so_far AS role,
    argMax(said.active, said.valid_from) OVER so_far AS active,
    argMax(said.has_api_key, said.valid_from) OVER so_far AS has_api_key,
    argMax(said.mfa, said.valid_from) OVER so_far AS mfa
FROM stated AS said
WINDOW
    so_far AS (
        PARTITION BY said.generation, said.account_id, said.email ORDER BY said.valid_from
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ),
    following AS (
        PARTITION BY said.generation, said.account_id, said.email ORDER BY said.valid_from
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    )
