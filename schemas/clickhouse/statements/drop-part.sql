ALTER TABLE audit_events DROP PART {part:String}
