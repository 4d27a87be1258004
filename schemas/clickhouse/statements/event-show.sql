-- Every statement of one event, whole: the record as it was stored, where it was read, and what the registry says of it.
SELECT
    * EXCEPT (content_hash),
    lower(hex(activity.content_hash)) AS content_hash
FROM activity
WHERE event_id = {event_id:String}
    AND ({source:String} = '' OR source = {source:String})
    AND ({account_id:String} = '' OR account_id = {account_id:String})
ORDER BY account_id, source, ingested_at, content_hash
LIMIT 100
