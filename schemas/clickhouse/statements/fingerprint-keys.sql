-- The fingerprint keys that anything in the store was marked with.
SELECT DISTINCT fingerprint_key_id AS id FROM (
    SELECT fingerprint_key_id FROM ledger
    UNION ALL
    SELECT fingerprint_key_id FROM dead_letters
    UNION ALL
    SELECT extract(ifNull(fingerprint, ''), '^\\[secret:([A-Za-z0-9_-]+):') FROM registry_keys
)
WHERE id != ''
ORDER BY id
