SELECT toFloat64(count()) AS rows
FROM renormalise_snapshot
