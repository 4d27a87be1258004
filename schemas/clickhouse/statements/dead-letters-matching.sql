-- The letters whose content hash begins as a person typed it.
SELECT
    lower(hex(content_hash)) AS content_hash,
    arraySort(groupUniqArray(toString(reason))) AS reasons
FROM dead_letters FINAL
WHERE startsWith(lower(hex(content_hash)), {prefix:String})
GROUP BY content_hash
ORDER BY content_hash
LIMIT {limit:UInt32}
