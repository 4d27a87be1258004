-- What came of the blocks of some chains: how many of their records are stored under them (new), resolved when asked.
WITH blocks AS
(
    SELECT block_id, event_time_min, event_time_max, received, dead_letters
    FROM ledger
    WHERE chain_id IN {chains:Array(UUID)}
)
SELECT
    toFloat64((SELECT sum(received) FROM blocks)) AS received,
    toFloat64((SELECT sum(dead_letters) FROM blocks)) AS dead_letters,
    toFloat64(count()) AS new
FROM activity
WHERE event_time >= (SELECT min(event_time_min) FROM blocks WHERE received > dead_letters)
  AND event_time <= (SELECT max(event_time_max) FROM blocks WHERE received > dead_letters)
  AND block_id IN (SELECT block_id FROM blocks)
