-- Gaps that were recorded in a range: as many as the question ingest-gaps lists. NULL for a reader who is held to accounts:
-- streams belong to none, and what he cannot see is not nothing.
SELECT
    if(
        (SELECT sum(everything) > 0 FROM reader_scope),
        toNullable(uniqExact(stream, stream_partition, position_from, position_to)),
        NULL
    ) AS found
FROM ledger
WHERE kind = 'gap' AND recorded_at >= {from:DateTime64(3, 'UTC')} AND recorded_at < {to:DateTime64(3, 'UTC')}
