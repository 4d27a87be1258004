ALTER TABLE audit_events DELETE IN PARTITION ID {month:String} WHERE source IN {sources:Array(String)}
