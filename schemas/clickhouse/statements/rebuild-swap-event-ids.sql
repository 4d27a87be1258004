-- Nobody else writes the table: the lease is held.
ALTER TABLE event_ids REPLACE PARTITION ID {month:String} FROM event_ids_rebuilt
