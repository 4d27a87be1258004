-- The keys that the registry knows now or that a range holds, with what they were used for in it: a page of the list, and
-- how long it is.
SELECT
    account_id, key_id,
    max(known_state) AS state,
    max(known_owner) AS owner,
    max(known_app) AS app,
    max(known_list) AS allow_list_state,
    toFloat64(max(known_entries)) AS allow_list_entries,
    toFloat64(sum(all_found)) AS events,
    toFloat64(sum(all_allowed)) AS allowed,
    toFloat64(sum(all_denied)) AS denied,
    toFloat64(sum(all_should_be_denied)) AS should_be_denied,
    toFloat64(sum(all_should_be_allowed)) AS should_be_allowed,
    toFloat64(sum(all_source_ips)) AS source_ips,
    toFloat64(toUnixTimestamp64Milli(max(last))) AS last_ms,
    toFloat64(count() OVER ()) AS total,
    toFloat64(countIf(events > 0) OVER ()) AS total_used,
    toFloat64(countIf(state = '') OVER ()) AS total_unregistered,
    toFloat64(countIf(state = 'active' AND allow_list_state = 'none') OVER ()) AS total_unrestricted
FROM
(
    SELECT
        if(used.key_account_id = '', used.account_id, used.key_account_id) AS account_id, toString(used.key_id) AS key_id,
        '' AS known_state, '' AS known_owner, '' AS known_app, '' AS known_list, toUInt64(0) AS known_entries,
        count() AS all_found,
        countIf(judgement = 'allowed') AS all_allowed,
        countIf(judgement = 'denied') AS all_denied,
        countIf(judgement = 'should-be-denied') AS all_should_be_denied,
        countIf(judgement = 'should-be-allowed') AS all_should_be_allowed,
        uniqExactIf(used.source_ip, used.source_ip != toIPv6('::')) AS all_source_ips,
        max(used.event_time) AS last
    FROM activity AS used
    WHERE used.event_time >= {from:DateTime64(3, 'UTC')} AND used.event_time < {to:DateTime64(3, 'UTC')} AND used.key_id != ''
        -- Of one owner or app few keys are left below: others need not be counted.
        AND (({app:String} = '' AND {owner:String} = '') OR used.key_id IN
            (
                SELECT key_id
                FROM registry_key_versions
                WHERE valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
                    AND ({app:String} = '' OR app = {app:String}) AND ({owner:String} = '' OR owner = {owner:String})
            ))
    GROUP BY account_id, key_id
    UNION ALL
    SELECT
        toString(account_id), toString(key_id),
        ifNull(toString(state), 'unknown'), ifNull(owner, ''), ifNull(app, ''),
        ifNull(toString(allow_list_state), 'unknown'), length(allow_list),
        0, 0, 0, 0, 0, 0, toDateTime64(0, 3, 'UTC')
    FROM registry_key_versions
    WHERE valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
)
GROUP BY account_id, key_id
HAVING (empty({states:Array(String)}) OR has({states:Array(String)}, state))
    AND ({app:String} = '' OR app = {app:String})
    AND ({owner:String} = '' OR owner = {owner:String})
    AND multiIf(
        {use:String} = 'used', events > 0,
        {use:String} = 'unused', events = 0,
        {use:String} = 'unregistered', state = '',
        1)
    AND (positionCaseInsensitiveUTF8(key_id, {words:String}) > 0
        OR positionCaseInsensitiveUTF8(owner, {words:String}) > 0
        OR positionCaseInsensitiveUTF8(app, {words:String}) > 0
        OR account_id = {words:String})
ORDER BY
    multiIf({sort:String} = 'last', -last_ms, {sort:String} = 'addresses', -source_ips, {sort:String} = 'name', 0, -events),
    key_id, account_id
LIMIT {limit:UInt32} OFFSET {offset:UInt32}
