-- Owners of keys that were active at some instant of a period or are so now, with the address that the registry knows of
-- each: owners are named by their address, or as a user is.
WITH
    users AS (
        SELECT account_id, email, ifNull(name, '') AS user_name
        FROM registry_user_versions
        WHERE valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
    ),
    owners AS (
        SELECT account_id, assumeNotNull(owner) AS owner
        FROM registry_key_versions
        WHERE ifNull(owner, '') != '' AND ifNull(toString(state), '') NOT IN ('deleted', 'revoked')
            AND valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {from:DateTime64(3, 'UTC')})
            AND ({account_id:String} = '' OR account_id = {account_id:String})
        GROUP BY account_id, owner
    )
SELECT
    owners.owner AS owner,
    arraySort(groupUniqArrayIf(named.email, named.email != '')) AS mailboxes
FROM owners
LEFT JOIN users AS named ON named.account_id = owners.account_id AND named.user_name = owners.owner
GROUP BY owner
ORDER BY owner
