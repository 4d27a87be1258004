-- The values of one field in a range, with how often each was seen and with what: a page of the list, and how long it is.
--
-- Columns that a filter may be about have other names here: an alias would stand in for them in the conditions.
SELECT
    toString({field:Identifier}) AS value,
    argMax(activity.network, event_time) AS last_network,
    toFloat64(argMax(activity.asn, event_time)) AS last_asn,
    argMax(activity.as_name, event_time) AS last_as_name,
    argMax(activity.country, event_time) AS last_country,
    toFloat64(uniqExactIf((account_id, key_id), key_id != '')) AS keys,
    toFloat64(uniqExactIf(activity.owner, activity.owner != '')) AS owners,
    toFloat64(uniqExactIf(activity.app, activity.app != '')) AS apps,
    toFloat64(uniqExactIf(source_ip, source_ip != toIPv6('::'))) AS source_ips,
    toFloat64(count()) AS events,
    toFloat64(countIf(judgement = 'allowed')) AS allowed,
    toFloat64(countIf(judgement = 'denied')) AS denied,
    toFloat64(countIf(judgement = 'should-be-denied')) AS should_be_denied,
    toFloat64(countIf(judgement = 'should-be-allowed')) AS should_be_allowed,
    toFloat64(toUnixTimestamp64Milli(min(event_time))) AS first_ms,
    toFloat64(toUnixTimestamp64Milli(max(event_time))) AS last_ms,
    toFloat64(count() OVER ()) AS total
FROM activity
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    -- filters
    AND toString({field:Identifier}) NOT IN ('', '::')
    AND positionCaseInsensitiveUTF8(toString({field:Identifier}), {words:String}) > 0
GROUP BY value
ORDER BY
    multiIf({sort:String} = 'first', -first_ms, {sort:String} = 'last', -last_ms, {sort:String} = 'value', 0, -events),
    value
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
