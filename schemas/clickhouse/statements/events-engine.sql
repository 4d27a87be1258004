-- How the events are kept: some statements about parts and partitions mean something else on a replicated table.
SELECT engine
FROM system.tables
WHERE database = currentDatabase() AND name = 'audit_events'
