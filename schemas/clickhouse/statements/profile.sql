-- What a search finds in figures: by what became of it, and how many there are of whom and of where.
WITH
    transform(concat(verdict, ' ', toString(auth_result)),
        ['consistent success', 'consistent failure', 'allowed-but-should-be-denied success', 'denied-but-should-be-allowed failure'],
        ['allowed', 'denied', 'should-be-denied', 'should-be-allowed'], 'not-judged') AS judgement
SELECT
    toFloat64(count()) AS events,
    toFloat64(countIf(judgement = 'allowed')) AS allowed,
    toFloat64(countIf(judgement = 'denied')) AS denied,
    toFloat64(countIf(judgement = 'should-be-denied')) AS should_be_denied,
    toFloat64(countIf(judgement = 'should-be-allowed')) AS should_be_allowed,
    toFloat64(countIf(rule_source_ip = 'fail')) AS outside_list,
    toFloat64(countIf(outcome = 'failure')) AS failures,
    toFloat64(uniqExactIf((account_id, key_id), key_id != '')) AS keys,
    toFloat64(uniqExactIf(owner, owner != '')) AS owners,
    toFloat64(uniqExactIf(app, app != '')) AS apps,
    toFloat64(uniqExactIf(source_ip, source_ip != toIPv6('::'))) AS source_ips,
    toFloat64(uniqExactIf(asn, asn != 0)) AS networks,
    toFloat64(uniqExactIf(country, country != '')) AS countries,
    toFloat64(uniqExactIf(user_agent, user_agent != '')) AS user_agents,
    toFloat64(toUnixTimestamp64Milli(min(event_time))) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(max(event_time))) AS last_ms
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
