-- The addresses of users by their names, for owners who are named so.
SELECT assumeNotNull(name) AS owner, arraySort(groupUniqArray(email)) AS mailboxes
FROM registry_user_versions
WHERE ifNull(name, '') != '' AND email != ''
    AND valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
    AND ({account_id:String} = '' OR account_id = {account_id:String})
GROUP BY owner
ORDER BY owner
