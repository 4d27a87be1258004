-- Blocks of which events are stored and no row of the ledger is: a crash between the two leaves them behind, and
-- since the
-- first arrival of an event stands, its redelivery does not enter it into a block of the ledger.
SELECT DISTINCT block_id
FROM audit_events
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND block_id NOT IN (SELECT block_id FROM ledger)
LIMIT {blocks_max:UInt32}
