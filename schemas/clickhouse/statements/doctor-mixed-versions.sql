-- Months in which one source was normalised by more than one version of its normaliser.
SELECT
    toUInt32(_partition_id) AS month,
    toString(source) AS source,
    arraySort(groupUniqArray(schema_version)) AS versions
FROM audit_events
GROUP BY month, source
HAVING length(versions) > 1
ORDER BY month, source
