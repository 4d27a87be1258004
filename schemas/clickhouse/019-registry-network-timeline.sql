-- registry_network_timeline: what is known of each network from when to when, in each generation of the registry; folded
-- as registry_key_timeline is. A network that begins again after its end inherits nothing.
CREATE OR REPLACE VIEW registry_network_timeline AS
WITH
    standing AS (
        SELECT *
        FROM
        (
            SELECT
                counted.generation AS generation,
                said.*,
                maxIf(said.recorded_at, said.retracts) OVER (
                    PARTITION BY counted.generation, said.network, said.valid_from
                ) AS retracted_at
            FROM registry_networks AS said
            INNER JOIN registry_counted AS counted ON said.recorded_at = counted.recorded_at
        )
        WHERE NOT retracts AND recorded_at >= retracted_at
    ),
    stated AS (
        SELECT
            standing.generation AS generation,
            standing.network AS network,
            standing.valid_from AS valid_from,
            max(standing.recorded_at) AS recorded_at,
            argMax(standing.precision_ms, standing.recorded_at) AS precision_ms,
            argMax(standing.origin, standing.recorded_at) AS origin,
            argMax(standing.state, standing.recorded_at) AS state,
            argMax(standing.kind, standing.recorded_at) AS kind,
            argMax(standing.owner, standing.recorded_at) AS owner,
            argMax(standing.description, standing.recorded_at) AS description,
            maxIf(standing.recorded_at, standing.states_cidrs) > toDateTime64(0, 3, 'UTC') AS says_ranges,
            argMaxIf((standing.cidrs, standing.cidr_from, standing.cidr_bits), standing.recorded_at, standing.states_cidrs) AS ranges
        FROM standing
        GROUP BY standing.generation, standing.network, standing.valid_from
    ),
    numbered AS (
        SELECT
            *,
            sum(begins) OVER (
                PARTITION BY generation, network ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS incarnation
        FROM
        (
            SELECT
                *,
                ifNull(state = 'active', false) AND ifNull(
                    argMax(state, valid_from) OVER (
                        PARTITION BY generation, network ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                    ) IN ('ended'),
                    false
                ) AS begins
            FROM stated
        )
    )
SELECT
    said.generation AS generation,
    said.network AS network,
    said.valid_from AS valid_from,
    leadInFrame(toNullable(said.valid_from)) OVER following AS valid_to,
    said.precision_ms AS precision_ms,
    said.recorded_at AS recorded_at,
    said.origin AS origin,
    said.incarnation AS incarnation,
    argMax(said.state, said.valid_from) OVER so_far AS state,
    argMax(said.kind, said.valid_from) OVER so_far AS kind,
    argMax(said.owner, said.valid_from) OVER so_far AS owner,
    argMax(said.description, said.valid_from) OVER so_far AS description,
    argMaxIf(said.ranges, said.valid_from, said.says_ranges) OVER so_far AS ranges_so_far,
    ranges_so_far.1 AS cidrs,
    ranges_so_far.2 AS cidr_from,
    ranges_so_far.3 AS cidr_bits
FROM numbered AS said
WINDOW
    so_far AS (
        PARTITION BY said.generation, said.network, said.incarnation ORDER BY said.valid_from
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ),
    following AS (
        PARTITION BY said.generation, said.network ORDER BY said.valid_from
        ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    )
