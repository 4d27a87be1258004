-- All parts of a month as they are now. The files are shared, so that this costs neither time nor space.
ALTER TABLE renormalise_snapshot ATTACH PARTITION ID {month:String} FROM audit_events
