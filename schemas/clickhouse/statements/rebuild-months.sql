-- Months of which events are stored.
SELECT DISTINCT toUInt32(_partition_id) AS month FROM audit_events ORDER BY month
