-- Whether the ledger is as it was: nothing of it is changed, so its size and its latest entry tell.
SELECT concat(toString(count()), ' ', toString(max(recorded_at))) AS state FROM ledger
