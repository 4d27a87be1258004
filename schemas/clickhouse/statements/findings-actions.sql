SELECT at, toString(action) AS action, author, note
FROM finding_actions
WHERE fingerprint = {fingerprint:String}
ORDER BY at, action
