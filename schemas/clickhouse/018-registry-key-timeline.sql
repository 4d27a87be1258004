-- registry_key_timeline: what is known of each key from when to when, in each generation of the registry; folded as
-- registry_account_timeline is. A name that becomes active again after its key ended is another key and inherits nothing, and
-- so is one with another date of creation: `incarnation` counts them.
CREATE OR REPLACE VIEW registry_key_timeline AS
WITH
    standing AS (
        SELECT *
        FROM
        (
            SELECT
                counted.generation AS generation,
                said.*,
                maxIf(said.recorded_at, said.retracts) OVER (
                    PARTITION BY counted.generation, said.account_id, said.key_id, said.valid_from
                ) AS retracted_at
            FROM registry_keys AS said
            INNER JOIN registry_counted AS counted ON said.recorded_at = counted.recorded_at
        )
        WHERE NOT retracts AND recorded_at >= retracted_at
    ),
    stated AS (
        SELECT
            standing.generation AS generation,
            standing.account_id AS account_id,
            standing.key_id AS key_id,
            standing.valid_from AS valid_from,
            max(standing.recorded_at) AS recorded_at,
            argMax(standing.precision_ms, standing.recorded_at) AS precision_ms,
            argMax(standing.origin, standing.recorded_at) AS origin,
            argMax(standing.state, standing.recorded_at) AS state,
            argMax(standing.owner, standing.recorded_at) AS owner,
            argMax(standing.app, standing.recorded_at) AS app,
            argMax(standing.purpose, standing.recorded_at) AS purpose,
            argMax(standing.created_at, standing.recorded_at) AS created_at,
            argMax(standing.created_by, standing.recorded_at) AS created_by,
            argMax(standing.fingerprint, standing.recorded_at) AS fingerprint,
            argMax(standing.allow_list_state, standing.recorded_at) AS allow_list_state,
            maxIf(standing.recorded_at, standing.allow_list_state IS NOT NULL) > toDateTime64(0, 3, 'UTC') AS says_list,
            argMaxIf(
                (standing.allow_list, standing.allow_list_from, standing.allow_list_to),
                standing.recorded_at,
                standing.allow_list_state IS NOT NULL
            ) AS list
        FROM standing
        GROUP BY standing.generation, standing.account_id, standing.key_id, standing.valid_from
    ),
    numbered AS (
        SELECT
            *,
            sum(begins) OVER (
                PARTITION BY generation, account_id, key_id ORDER BY valid_from
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS incarnation
        FROM
        (
            SELECT
                *,
                argMax(state, valid_from) OVER before AS state_before,
                argMax(created_at, valid_from) OVER before AS created_before,
                ifNull(state = 'active' AND state_before IN ('deleted', 'revoked'), false)
                    OR ifNull(created_at != created_before, false) AS begins
            FROM stated
            WINDOW before AS (
                PARTITION BY generation, account_id, key_id ORDER BY valid_from
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            )
        )
    )
SELECT
    said.generation AS generation,
    said.account_id AS account_id,
    said.key_id AS key_id,
    said.valid_from AS valid_from,
    leadInFrame(toNullable(said.valid_from)) OVER following AS valid_to,
    said.precision_ms AS precision_ms,
    said.recorded_at AS recorded_at,
    said.origin AS origin,
    said.incarnation AS incarnation,
    argMax(said.state, said.valid_from) OVER so_far AS state,
    argMax(said.owner, said.valid_from) OVER so_far AS owner,
    argMax(said.app, said.valid_from) OVER so_far AS app,
    argMax(said.purpose, said.valid_from) OVER so_far AS purpose,
    argMax(said.created_at, said.valid_from) OVER so_far AS created_at,
    argMax(said.created_by, said.valid_from) OVER so_far AS created_by,
    argMax(said.fingerprint, said.valid_from) OVER so_far AS fingerprint,
    argMax(said.allow_list_state, said.valid_from) OVER so_far AS allow_list_state,
    argMaxIf(said.list, said.valid_from, said.says_list) OVER so_far AS list_so_far,
    list_so_far.1 AS allow_list,
    list_so_far.2 AS allow_list_from,
    list_so_far.3 AS allow_list_to
FROM numbered AS said
WINDOW
    so_far AS (
        PARTITION BY said.generation, said.account_id, said.key_id, said.incarnation ORDER BY said.valid_from
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ),
    following AS (
        PARTITION BY said.generation, said.account_id, said.key_id ORDER BY said.valid_from
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    )
