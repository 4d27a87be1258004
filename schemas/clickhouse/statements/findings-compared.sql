-- What a suppression would be held against: the findings that were found last.
SELECT rule, entity, state
FROM finding_states
WHERE ({rule:String} = '' OR rule = {rule:String})
    AND finding_states.last_seen >= {since:DateTime64(3, 'UTC')}
ORDER BY found_at DESC, fingerprint
LIMIT {limit:UInt32}
