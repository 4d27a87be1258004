-- What a table holds of a month, in a few numbers that do not depend on the order of its rows.
SELECT
    toFloat64(count()) AS held,
    concat(toString(count()), '-', toString(sum(hash)), '-', toString(groupBitXor(hash))) AS digest
FROM (SELECT cityHash64(tuple(* EXCEPT (counted_at))) AS hash FROM {table:Identifier} FINAL WHERE _partition_id = {month:String})
