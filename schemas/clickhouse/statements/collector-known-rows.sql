-- Which of these records the store holds, as events or as dead letters.
SELECT DISTINCT lower(hex(content_hash)) AS hash
FROM audit_events
WHERE account_id = {account_id:String} AND source = {source:String}
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time <= {to:DateTime64(3, 'UTC')}
    AND lower(hex(content_hash)) IN {hashes:Array(String)}
UNION DISTINCT
SELECT DISTINCT lower(hex(content_hash)) AS hash
FROM dead_letters
WHERE account_id = {account_id:String} AND source = {source:String}
    AND lower(hex(content_hash)) IN {hashes:Array(String)}
