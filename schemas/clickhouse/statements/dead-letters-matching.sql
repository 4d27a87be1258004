-- The letters whose content hash begins as a person typed it.
SELECT
    lower(hex(letter.content_hash)) AS content_hash,
    arraySort(groupUniqArray(toString(letter.reason))) AS reasons
FROM dead_letters AS letter FINAL
WHERE startsWith(lower(hex(letter.content_hash)), {prefix:String})
GROUP BY letter.content_hash
ORDER BY letter.content_hash
LIMIT {limit:UInt32}
