-- Where fingerprints of one secret stand: with keys of the registry, in events and in dead letters.
SELECT found_in, account_id, key_id, owner, occurrences, first_time, last_time, fingerprint, example_id
FROM
(
    SELECT
        'registered key' AS found_in, account_id, key_id, ifNull(owner, '') AS owner, 1 AS occurrences,
        valid_from AS first_time, valid_to AS last_time, ifNull(fingerprint, '') AS fingerprint, '' AS example_id
    FROM registry_key_versions
    WHERE has({fingerprints:Array(String)}, fingerprint)
        AND valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
    UNION ALL
    SELECT
        'event' AS found_in, account_id, key_id, owner, count() AS occurrences,
        min(event_time) AS first_time, max(event_time) AS last_time,
        any(arrayFirst(one -> position(raw, one) > 0, {fingerprints:Array(String)})) AS fingerprint, argMin(event_id, event_time) AS example_id
    FROM activity
    WHERE multiSearchAny(raw, {fingerprints:Array(String)})
        AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    GROUP BY account_id, key_id, owner
    UNION ALL
    SELECT
        'dead letter' AS found_in, account_id, '' AS key_id, '' AS owner, count() AS occurrences,
        min(ingested_at) AS first_time, max(ingested_at) AS last_time,
        any(arrayFirst(one -> position(text, one) > 0, {fingerprints:Array(String)})) AS fingerprint,
        lower(hex(argMin(content_hash, ingested_at))) AS example_id
    FROM dead_letters FINAL
    WHERE multiSearchAny(text, {fingerprints:Array(String)})
    GROUP BY account_id
)
ORDER BY found_in DESC, account_id, key_id, owner
