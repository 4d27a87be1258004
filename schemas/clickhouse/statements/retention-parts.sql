-- The parts of a month and the sources in each: a part is dropped for what is in it, whatever arrives meanwhile.
SELECT
    _part AS part,
    arraySort(groupUniqArray(toString(source))) AS sources
FROM audit_events
WHERE _partition_id = {month:String}
GROUP BY part
ORDER BY part
