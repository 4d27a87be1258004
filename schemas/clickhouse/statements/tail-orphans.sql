-- Blocks of which events are stored and no row of the ledger is, among those of a few streams and a range of time: a
-- crash between the two leaves them behind. The first arrival of an event stands, so the block that brought it again has
-- none of it.
SELECT DISTINCT toString(block_id) AS block_id
FROM audit_events
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time <= {to:DateTime64(3, 'UTC')}
    AND stream IN {streams:Array(String)}
    AND block_id NOT IN (SELECT block_id FROM ledger WHERE stream IN {streams:Array(String)})
LIMIT {blocks_max:UInt32}
