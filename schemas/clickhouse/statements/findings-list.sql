SELECT
    left(fingerprint, 12) AS id,
    state,
    severity,
    toString(raises) AS raises,
    rule,
    summary,
    first_seen,
    last_seen,
    events,
    backfill,
    suppression,
    found_at
FROM finding_states
WHERE (empty({states:Array(String)}) OR state IN {states:Array(String)})
    AND ({rule:String} = '' OR rule = {rule:String})
    AND ({key_id:String} = '' OR key_id = {key_id:String})
    AND toInt8(severity) >= {severity_min:UInt8}
    AND last_seen >= {from:DateTime64(3, 'UTC')} AND first_seen < {to:DateTime64(3, 'UTC')}
ORDER BY toInt8(severity) DESC, last_seen DESC, fingerprint
