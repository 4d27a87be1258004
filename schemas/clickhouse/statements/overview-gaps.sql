-- Ranges of streams that were gone before they could be read, as they became known in a range of time.
SELECT toFloat64(count()) AS gaps
FROM ledger
WHERE kind = 'gap' AND recorded_at >= {from:DateTime64(3, 'UTC')} AND recorded_at < {to:DateTime64(3, 'UTC')}
