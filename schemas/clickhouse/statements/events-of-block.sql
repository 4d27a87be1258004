-- The events of one block that a tail asks for, first one first; with them those of the same positions that a block
-- without a row of the ledger holds.
SELECT
    event_time, source, account_id, event_id, lower(hex(content_hash)) AS content_hash,
    key_id, owner, app, principal_kind, principal_name, principal_email,
    action, activity, resource_type, resource_id, resource_name, description,
    request_id, source_ip, network, http_method, url_path, status_code, user_agent,
    auth_result, auth_reason, outcome, error_code, asn, as_name, country, verdict, expected, judgement
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time <= {to:DateTime64(3, 'UTC')}
    AND (block_id = {block:UUID} OR block_id IN {orphans:Array(UUID)} AND stream = {stream:String}
        AND stream_partition = {partition:UInt32} AND stream_offset >= {position_from:UInt64}
        AND stream_offset < {position_to:UInt64})
    -- filters
ORDER BY event_time, account_id, key_id, source, event_id, activity.content_hash
