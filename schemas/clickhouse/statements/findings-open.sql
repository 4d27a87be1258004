-- Findings of a detection that nobody closed, of keys and in a range of time; without keys, of anything.
SELECT
    fingerprint,
    toFloat64(toUnixTimestamp64Milli(first_seen)) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(last_seen)) AS last_ms,
    toFloat64(toUnixTimestamp64Milli(anchor_at)) AS anchor_ms,
    event_ids,
    key_id
FROM finding_states
WHERE rule = {rule:String} AND state IN ('open', 'acknowledged')
    AND (empty({keys:Array(String)}) OR key_id IN {keys:Array(String)})
    AND last_seen >= {from:DateTime64(3, 'UTC')} AND first_seen < {to:DateTime64(3, 'UTC')}
ORDER BY fingerprint
LIMIT {findings_max:UInt32}
