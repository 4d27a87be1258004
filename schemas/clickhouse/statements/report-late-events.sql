-- Events of a range that were stored long after they happened, first arrivals only: as many as the question late-events
-- lists.
SELECT countIf(ingested_at > event_time + toIntervalHour(24)) AS found
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
