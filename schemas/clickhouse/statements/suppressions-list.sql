-- Suppressions with what they kept from being alerts, in all and lately.
SELECT
    id,
    if(said.4 > {now:DateTime64(3, 'UTC')}, 'in force', 'ended') AS state,
    said.1 AS rule,
    arrayStringConcat(arrayMap((column, pattern) -> concat(column, '=', pattern), mapKeys(said.2), mapValues(said.2)), ' ') AS entity,
    said.3 AS cidr,
    said.4 AS until,
    said.5 AS author,
    said.6 AS reason,
    toFloat64(hidden.findings) AS findings,
    toFloat64(hidden.lately) AS findings_lately,
    hidden.last_at AS last_found_at
FROM
(
    SELECT id, argMax((rule, entity, cidr, until, author, reason), at) AS said
    FROM suppressions
    GROUP BY id
) AS known
LEFT JOIN
(
    SELECT
        suppression,
        count() AS findings,
        countIf(found_at > {now:DateTime64(3, 'UTC')} - toIntervalDay({lately_days:UInt16})) AS lately,
        toNullable(max(found_at)) AS last_at
    FROM findings FINAL
    WHERE suppression != ''
    GROUP BY suppression
) AS hidden ON hidden.suppression = known.id
ORDER BY state DESC, until, id
