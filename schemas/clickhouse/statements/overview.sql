-- A range of time and the one before it, as long, in figures.
WITH
    transform(concat(verdict, ' ', toString(auth_result)),
        ['consistent success', 'consistent failure', 'allowed-but-should-be-denied success', 'denied-but-should-be-allowed failure'],
        ['allowed', 'denied', 'should-be-denied', 'should-be-allowed'], 'not-judged') AS judgement
SELECT
    event_time >= {from:DateTime64(3, 'UTC')} AS is_now,
    toFloat64(count()) AS events,
    toFloat64(countIf(judgement = 'allowed')) AS allowed,
    toFloat64(countIf(judgement = 'denied')) AS denied,
    toFloat64(countIf(judgement = 'should-be-denied')) AS should_be_denied,
    toFloat64(countIf(judgement = 'should-be-allowed')) AS should_be_allowed,
    toFloat64(countIf(outcome = 'failure')) AS failures,
    toFloat64(uniqExactIf((account_id, key_id), key_id != '')) AS keys,
    toFloat64(uniqExactIf(owner, owner != '')) AS owners,
    toFloat64(uniqExactIf(app, app != '')) AS apps,
    toFloat64(uniqExactIf(source_ip, source_ip != toIPv6('::'))) AS source_ips
FROM activity
WHERE event_time >= {before:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
GROUP BY is_now
ORDER BY is_now
