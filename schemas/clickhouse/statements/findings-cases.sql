-- Findings of a range of time with what joins them to cases.
SELECT
    fingerprint, rule, toString(severity) AS severity, state, summary, account_id, key_id,
    if(source_ip = toIPv6('::'), '', replaceOne(toString(source_ip), '::ffff:', '')) AS address,
    toFloat64(toUnixTimestamp64Milli(first_seen)) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(last_seen)) AS last_ms
FROM finding_states
WHERE state != 'withdrawn'
    AND finding_states.last_seen >= {from:DateTime64(3, 'UTC')} AND finding_states.first_seen < {to:DateTime64(3, 'UTC')}
ORDER BY first_ms, fingerprint
LIMIT {findings_max:UInt32}
