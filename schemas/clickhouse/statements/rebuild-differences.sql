-- Rows that only one of two tables holds of a month; at most a few.
SELECT if(sum(side) > 0, 'only in the table', 'only in the events') AS found, toString(held) AS row
FROM
(
    SELECT tuple(* EXCEPT (counted_at)) AS held, 1 AS side FROM {table:Identifier} FINAL WHERE _partition_id = {month:String}
    UNION ALL
    SELECT tuple(* EXCEPT (counted_at)) AS held, -1 AS side FROM {fresh:Identifier} FINAL WHERE _partition_id = {month:String}
)
GROUP BY held
HAVING sum(side) != 0
ORDER BY row, found
LIMIT {rows_max:UInt32}
