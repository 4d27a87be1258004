-- The findings whose fingerprint begins so: at most two, of which the second says that the beginning is too short.
SELECT
    fingerprint, rule, rule_version, toString(severity) AS severity, toString(raises) AS raises, backfill,
        suppression, state,
    acted_at, author, note, entity, first_seen, last_seen, events, event_ids, summary, facts, parameters, found_at
FROM finding_states
WHERE startsWith(fingerprint, {prefix:String})
ORDER BY fingerprint
LIMIT 2
