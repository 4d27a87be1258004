-- The ids of the new events with their contents. Stored again, it changes nothing, and neither does reading repeats.
INSERT INTO {table:Identifier}
SELECT DISTINCT
    sipHash64(event_id), source, account_id, reinterpretAsUInt64(substring(content_hash, 1, 8)),
    toStartOfMonth(event_time)
FROM audit_events
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND (block_id IN {blocks:Array(UUID)} OR empty({blocks:Array(UUID)}))
    AND (key_id IN {keys:Array(String)} OR empty({keys:Array(String)}))
