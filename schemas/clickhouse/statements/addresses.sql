-- The addresses that the events come from which a search finds, each with its network and from when to when it was seen.
--
-- Columns that a filter may be about have other names here: an alias would stand in for them in the conditions.
SELECT
    replaceRegexpOne(toString(source_ip), '^::ffff:', '') AS address,
    argMax(activity.network, event_time) AS last_network,
    toFloat64(argMax(activity.asn, event_time)) AS last_asn,
    argMax(activity.as_name, event_time) AS last_as_name,
    argMax(activity.country, event_time) AS last_country,
    toFloat64(count()) AS events,
    toFloat64(countIf(judgement = 'allowed')) AS allowed,
    toFloat64(countIf(judgement = 'denied')) AS denied,
    toFloat64(countIf(judgement = 'should-be-denied')) AS should_be_denied,
    toFloat64(countIf(judgement = 'should-be-allowed')) AS should_be_allowed,
    toFloat64(countIf(rule_source_ip = 'fail')) AS outside_list,
    toFloat64(uniqExactIf((account_id, key_id), key_id != '')) AS keys,
    toFloat64(toUnixTimestamp64Milli(min(event_time))) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(max(event_time))) AS last_ms
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
    AND source_ip != toIPv6('::')
GROUP BY source_ip
ORDER BY events DESC, source_ip
LIMIT {limit:UInt32}
