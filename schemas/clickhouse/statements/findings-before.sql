-- What the same detection found before, of the same key and of any, and what became of it.
WITH (SELECT any((rule, account_id, key_id)) FROM finding_states WHERE fingerprint = {id:String}) AS this
SELECT
    toUInt8(account_id = this.2 AND key_id = this.3 AND key_id != '') AS is_same_key,
    state,
    toFloat64(count()) AS findings,
    toFloat64(toUnixTimestamp64Milli(max(finding_states.last_seen))) AS last_ms
FROM finding_states
WHERE rule = this.1 AND fingerprint != {id:String}
GROUP BY is_same_key, state
ORDER BY is_same_key, state
