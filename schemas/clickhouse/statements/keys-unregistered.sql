-- Keys that events name and that no account of the registry ever had, with a guess at the owner: whoever the records name
-- beside the key most often, and in how many of them. A guess is no fact: whoever has a key can be named by it.
SELECT
    account_id, key_id, requests, authenticated, first_used, last_used, source_ips, some_source_ips,
    named.1[indexOf(named.2, arrayMax(named.2))] AS guessed_owner,
    arrayMax(named.2) AS guessed_owner_requests
FROM
(
    SELECT
        account_id,
        key_id,
        count() AS requests,
        countIf(auth_result = 'success') AS authenticated,
        min(event_time) AS first_used,
        maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_used,
        uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
        arraySlice(arraySort(groupUniqArrayIf(source_ip, source_ip != toIPv6('::'))), 1, 5) AS some_source_ips,
        sumMapIf(
            [if(principal_email != '', principal_email, principal_name)], [toUInt64(1)],
            principal_email != '' OR principal_name != ''
        ) AS named
    FROM activity
    WHERE key_id != '' AND verdict = 'unknown-key'
        AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
        AND ({account_id:String} = '' OR account_id = {account_id:String})
    GROUP BY account_id, key_id
)
ORDER BY requests DESC, account_id, key_id
