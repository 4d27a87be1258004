SELECT channel, toFloat64(toUnixTimestamp64Milli(min(since))) AS since_ms
FROM alert_channels
GROUP BY channel
ORDER BY channel
