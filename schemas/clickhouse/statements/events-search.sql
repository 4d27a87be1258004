-- One page of events, latest first. The order is total, and the cursor is a place in it.
--
-- Why twice: a key's events lie together, so those of an hour lie everywhere, and what is wide (descriptions, what the
-- registry says) would be read for all of them. First the page is found in the columns that it is found by; then its rows
-- alone are read whole, by their place in the primary key.
SELECT
    event_time, source, account_id, event_id, lower(hex(content_hash)) AS content_hash,
    key_id, owner, app, principal_kind, principal_name, principal_email,
    action, activity, resource_type, resource_id, resource_name, description,
    request_id, source_ip, network, http_method, url_path, status_code, user_agent,
    auth_result, auth_reason, outcome, error_code, asn, as_name, country, verdict, expected, judgement
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (account_id, key_id, event_time) IN
    (
        SELECT account_id, key_id, event_time
        FROM activity
        WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND ({is_continued:UInt8} = 0 OR (event_time, account_id, key_id, source, event_id, lower(hex(activity.content_hash)))
                < ({cursor_time:DateTime64(3, 'UTC')}, {cursor_account:String}, {cursor_key:String}, {cursor_source:String}, {cursor_id:String}, {cursor_hash:String}))
    -- filters
        ORDER BY event_time DESC, account_id DESC, key_id DESC, source DESC, event_id DESC, activity.content_hash DESC
        LIMIT {limit:UInt32}
    )
    AND ({is_continued:UInt8} = 0 OR (event_time, account_id, key_id, source, event_id, lower(hex(activity.content_hash)))
        < ({cursor_time:DateTime64(3, 'UTC')}, {cursor_account:String}, {cursor_key:String}, {cursor_source:String}, {cursor_id:String}, {cursor_hash:String}))
    -- filters
ORDER BY event_time DESC, account_id DESC, key_id DESC, source DESC, event_id DESC, activity.content_hash DESC
LIMIT {limit:UInt32}
