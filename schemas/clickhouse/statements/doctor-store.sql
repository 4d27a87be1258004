-- What the store says of itself: version, and its clock in ms since 1970.
SELECT version() AS version, toFloat64(toUnixTimestamp64Milli(now64(3))) AS now_ms
