-- What is stored of each month, by what made it: the version of its normaliser and the edition of its network columns.
SELECT
    toUInt32(_partition_id) AS month,
    toString(source) AS source,
    schema_version,
    toString(network_edition) AS network_edition,
    toFloat64(count()) AS rows
FROM audit_events
WHERE toUInt32(_partition_id) BETWEEN {first:UInt32} AND {last:UInt32}
GROUP BY month, source, schema_version, network_edition
ORDER BY month, source, schema_version, network_edition
