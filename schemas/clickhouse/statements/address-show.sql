-- Who used one address in a range, in few words; the question who-used-ip says more.
SELECT
    account_id, key_id, owner, app,
    argMax(network, event_time) AS network,
    any(asn) AS asn, any(as_name) AS as_name, any(country) AS country,
    count() AS requests,
    countIf(outcome = 'failure') AS failures,
    countIf(verdict NOT IN ('', 'consistent', 'not-evaluable')) AS contradictions,
    min(event_time) AS first_seen,
    maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_seen
FROM activity
WHERE source_ip = {source_ip:IPv6}
    AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
GROUP BY account_id, key_id, owner, app
ORDER BY requests DESC, account_id, key_id, owner, app
LIMIT 1000
