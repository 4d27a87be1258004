-- The new rows of one month, beside the old ones. The ready table keeps them until the swap is done.
ALTER TABLE audit_events ATTACH PARTITION ID {month:String} FROM renormalise_ready
