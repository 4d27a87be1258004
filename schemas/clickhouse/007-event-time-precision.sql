-- audit_events.time_precision_ms: the resolution of the source's clock.
ALTER TABLE audit_events ADD COLUMN IF NOT EXISTS time_precision_ms UInt16
    DEFAULT if(source IN ('gateway/request', 'ocsf/api-activity'), 1, 1000) AFTER event_time
