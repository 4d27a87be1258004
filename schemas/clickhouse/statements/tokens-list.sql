-- Every token with its state, in the order in which they were made.
SELECT
    token_id,
    anyIf(name, action = 'added') AS name,
    anyIf(toString(role), action = 'added') AS role,
    anyIf(digest, action = 'added') AS digest,
    anyIf(accounts, action = 'added') AS accounts,
    anyIf(toString(source), action = 'added') AS source,
    toFloat64(toUnixTimestamp64Milli(minIf(at, action = 'added'))) AS added_at_ms,
    toFloat64(ifNull(toUnixTimestamp64Milli(anyIf(expires_at, action = 'added')), 0)) AS expires_at_ms,
    toFloat64(if(countIf(action = 'revoked') = 0, 0, toUnixTimestamp64Milli(minIf(at, action = 'revoked')))) AS revoked_at_ms
FROM access_tokens
GROUP BY token_id
HAVING countIf(action = 'added') > 0
ORDER BY added_at_ms, token_id
