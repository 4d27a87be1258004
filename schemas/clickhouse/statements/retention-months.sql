-- What is stored of each month and source: rows as they lie there, repeats that are not merged yet included.
SELECT
    toUInt32(_partition_id) AS month,
    toString(source) AS source,
    toFloat64(count()) AS rows
FROM audit_events
GROUP BY month, source
ORDER BY month, source
