-- Findings as they were found, for the messages about them, and what became of them.
SELECT
    fingerprint, rule, rule_version, toString(severity) AS severity, entity, account_id, key_id,
    toFloat64(toUnixTimestamp64Milli(first_seen)) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(last_seen)) AS last_ms,
    toFloat64(toUnixTimestamp64Milli(found_at)) AS found_ms,
    toFloat64(events) AS events,
    event_ids, summary, facts, parameters, state, author, note
FROM finding_states
WHERE fingerprint IN {fingerprints:Array(String)}
