-- audit_events.time_precision_ms: the resolution of the clock that event_time was read from, a property of the source.
--
-- Why it stands in the row: a comparison with a change that happened within the same second is not decided by times that
-- know only seconds, and a question must not need to know which source an event came from.
-- Why this default: rows that are stored already get the value of their source.
ALTER TABLE audit_events
    ADD COLUMN IF NOT EXISTS time_precision_ms UInt16 DEFAULT if(source IN ('gateway/request', 'ocsf/api-activity'), 1, 1000) AFTER event_time
