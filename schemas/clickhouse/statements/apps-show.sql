-- The keys that are assigned to an app now, and those that its rules gave it in the range.
SELECT account_id, key_id, owner, app_rule, requests, first_used, last_used, source_ips
FROM
(
    SELECT *, max(requests) OVER (PARTITION BY account_id, key_id) AS requests_of_key
    FROM
    (
        SELECT
            used.account_id AS account_id, used.key_id AS key_id, used.owner AS owner, used.app_rule AS app_rule,
            count() AS requests, min(used.event_time) AS first_used,
            maxOrNullIf(used.event_time, used.event_time <= {now:DateTime64(3, 'UTC')}) AS last_used,
            uniqExactIf(used.source_ip, used.source_ip != toIPv6('::')) AS source_ips
        FROM activity AS used
        WHERE used.app = {app:String} AND used.key_id != ''
            AND used.event_time >= {from:DateTime64(3, 'UTC')} AND used.event_time < {to:DateTime64(3, 'UTC')}
        GROUP BY account_id, key_id, owner, app_rule
        UNION ALL
        SELECT known.account_id, known.key_id, ifNull(known.owner, ''), 'assigned', 0, NULL, NULL, 0
        FROM registry_key_versions AS known
        WHERE known.app = {app:String} AND known.state NOT IN ('deleted', 'revoked')
            AND known.valid_from <= {now:DateTime64(3, 'UTC')} AND (known.valid_to IS NULL OR known.valid_to > {now:DateTime64(3, 'UTC')})
    )
)
-- What the registry says of a key that was used is said by its uses.
WHERE requests > 0 OR requests_of_key = 0
ORDER BY requests DESC, account_id, key_id, owner, app_rule
