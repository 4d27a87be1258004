-- One finding with all that is told of it: see findings-page.
WITH (SELECT sum(everything) > 0 FROM reader_scope) AS sees_everything
SELECT
    fingerprint AS id, rule, rule_version, toString(severity) AS severity, toString(raises) AS raises, state, backfill,
    suppression, account_id, key_id,
    mapFilter((name, value) -> sees_everything OR name IN ('account_id', 'key_id'), finding_states.entity) AS entity,
    if(sees_everything, finding_states.summary, '') AS summary,
    first_seen, last_seen, events, found_at,
    nullIf(finding_states.acted_at, toDateTime64(0, 3, 'UTC')) AS acted_at, author, note,
    if(sees_everything, finding_states.event_ids, emptyArrayString()) AS event_ids,
    if(sees_everything, finding_states.facts, '{}') AS facts,
    parameters
FROM finding_states
WHERE fingerprint = {id:String}
