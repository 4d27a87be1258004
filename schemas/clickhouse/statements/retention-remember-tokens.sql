-- The window of the table's own definition again.
ALTER TABLE audit_events MODIFY SETTING non_replicated_deduplication_window = 10000
