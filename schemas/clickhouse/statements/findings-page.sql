-- A page of findings, latest found first. Who is held to accounts is told of his own account and key, and nothing that
-- a detection, which sees all, put into words: the evidence, asked again, tells it within his limits.
WITH (SELECT sum(everything) > 0 FROM reader_scope) AS sees_everything
SELECT
    fingerprint AS id, rule, rule_version, toString(severity) AS severity, toString(raises) AS raises, state, backfill,
    suppression, account_id, key_id,
    mapFilter((name, value) -> sees_everything OR name IN ('account_id', 'key_id'), finding_states.entity) AS entity,
    if(sees_everything, finding_states.summary, '') AS summary,
    first_seen, last_seen, events, found_at,
    nullIf(finding_states.acted_at, toDateTime64(0, 3, 'UTC')) AS acted_at, author, note
FROM finding_states
WHERE (empty({states:Array(String)}) OR state IN {states:Array(String)})
    AND ({rule:String} = '' OR rule = {rule:String})
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND (empty({key_ids:Array(String)}) OR key_id IN {key_ids:Array(String)})
    AND ({address:IPv6} = toIPv6('::') OR (sees_everything AND source_ip = {address:IPv6}))
    AND toInt8(finding_states.severity) >= {severity_min:UInt8}
    AND last_seen >= {from:DateTime64(3, 'UTC')} AND first_seen < {to:DateTime64(3, 'UTC')}
    AND ({is_continued:UInt8} = 0
        OR (found_at, fingerprint) < ({cursor_time:DateTime64(3, 'UTC')}, {cursor_id:String}))
ORDER BY found_at DESC, fingerprint DESC
LIMIT {limit:UInt32}
