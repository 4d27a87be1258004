-- Rows that arrived after the snapshot, out of parts that hold older ones too: they become parts of their own. One slice
-- of them at a time, because the keys of the snapshot are held in memory.
INSERT INTO audit_events
SELECT *
FROM audit_events
WHERE _part IN {parts:Array(String)}
    AND cityHash64(content_hash) % {slices:UInt32} = {slice:UInt32}
    AND sipHash128(source, account_id, key_id, event_time, event_id, content_hash) NOT IN
    (
        SELECT sipHash128(source, account_id, key_id, event_time, event_id, content_hash)
        FROM renormalise_snapshot
        WHERE cityHash64(content_hash) % {slices:UInt32} = {slice:UInt32}
    )
