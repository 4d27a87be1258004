-- The last change of the registry that counts.
SELECT toFloat64(toUnixTimestamp64Milli(max(recorded_at))) AS at FROM registry_imports WHERE state = 'committed'
