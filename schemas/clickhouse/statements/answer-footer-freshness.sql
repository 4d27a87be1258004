-- How far the data reach: the time of the latest event up to the moment of asking, and when the last block was stored.
-- Without an event, or a block, it is the epoch.
--
-- Why partitions: the bounds of event_time are kept with each part, so the greatest of whole months is known without
-- reading a row. Only when this month holds times that are still to come are those of this month read.
-- Why a week: the ledger has a row for each second of a quiet partition, and its key leads to the last ones of each. Only
-- when nothing was stored in a week is all of it read.
-- Why not the view: equal rows have equal times, and that they are merged changes no greatest one.
WITH
    {now:DateTime64(3, 'UTC')} AS moment,
    toString(toYYYYMM(moment)) AS month,
    (SELECT max(event_time) FROM audit_events WHERE _partition_id <= month) AS known,
    (SELECT max(event_time) FROM audit_events WHERE known > moment AND _partition_id < month) AS known_before,
    (
        SELECT max(event_time)
        FROM audit_events
        WHERE known > moment AND _partition_id = month AND event_time <= moment
    ) AS known_within,
    (
        SELECT (count(), max(recorded_at))
        FROM ledger
        WHERE kind = 'block' AND recorded_at >= moment - INTERVAL 7 DAY
    ) AS stored_lately,
    (SELECT max(recorded_at) FROM ledger WHERE stored_lately.1 = 0 AND kind = 'block') AS stored_ever
SELECT
    toUnixTimestamp64Milli(if(known <= moment, known, greatest(known_before, known_within))) AS data_until_ms,
    toUnixTimestamp64Milli(if(stored_lately.1 > 0, stored_lately.2, stored_ever)) AS stored_until_ms
