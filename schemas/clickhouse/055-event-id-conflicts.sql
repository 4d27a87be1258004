-- event_id_conflicts: ids under which several contents stand, of those months that are asked for.
--
-- They are gathered in the order of the table, one id after the other, so that tens of millions need no memory: a reader
-- may not choose that for itself.
CREATE OR REPLACE VIEW event_id_conflicts AS
SELECT source, account_id, id
FROM event_ids
WHERE month >= toStartOfMonth({from:DateTime64(3, 'UTC')}) - toIntervalMonth(1)
    AND month < toStartOfMonth({to:DateTime64(3, 'UTC')}) + toIntervalMonth(2)
GROUP BY id, source, account_id
HAVING min(content) != max(content)
SETTINGS optimize_aggregation_in_order = 1
