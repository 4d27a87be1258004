-- Gaps that were recorded in a range: as many as the question ingest-gaps lists.
SELECT uniqExact(stream, stream_partition, position_from, position_to) AS found
FROM ledger
WHERE kind = 'gap' AND recorded_at >= {from:DateTime64(3, 'UTC')} AND recorded_at < {to:DateTime64(3, 'UTC')}
