SELECT
    id, said.1 AS rule, said.2 AS entity, said.3 AS cidr, toFloat64(toUnixTimestamp64Milli(said.4)) AS until_ms,
    said.5 AS author, said.6 AS reason
FROM
(
    SELECT id, argMax((rule, entity, cidr, until, author, reason), at) AS said
    FROM suppressions
    GROUP BY id
)
WHERE said.4 > {now:DateTime64(3, 'UTC')}
ORDER BY id
