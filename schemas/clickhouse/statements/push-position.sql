-- The position behind the last one that a stream ever had.
SELECT toFloat64(max(position_to)) AS position FROM ledger WHERE stream = {stream:String}
