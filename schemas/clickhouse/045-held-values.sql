-- held_values: what must not become usual for a key, because a finding of it is not judged yet or was judged to be
-- right.
--
-- A signal that nobody looked at holds nothing: who closes no signals would otherwise never learn anything.
CREATE OR REPLACE VIEW held_values AS
SELECT
    rule,
    account_id,
    key_id,
    mapValues(mapFilter((name, value) -> name NOT IN ('account_id', 'key_id'), entity))[1] AS value
FROM finding_states
WHERE key_id != '' AND suppression = ''
    AND (state IN ('acknowledged', 'true-positive') OR (state = 'open' AND raises = 'alert' AND NOT backfill))
