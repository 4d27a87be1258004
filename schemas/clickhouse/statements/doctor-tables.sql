-- The tables into which blocks are inserted, with their own settings.
SELECT name, engine_full
FROM system.tables
WHERE database = currentDatabase() AND name IN ('audit_events', 'dead_letters', 'dead_letter_log', 'ledger')
ORDER BY name
