-- The users as they are known to be at one instant, with how many keys of each are known.
SELECT
    account_id,
    email,
    ifNull(person.name, '') AS name,
    ifNull(person.role, '') AS role,
    person.active AS active,
    person.mfa AS mfa,
    person.valid_from AS valid_from,
    person.recorded_at AS recorded_at,
    person.origin AS origin,
    ifNull(key_counts.active_keys, 0) AS active_keys
FROM
(
    SELECT account_id, email, name, role, active, mfa, valid_from, recorded_at, origin
    FROM registry_user_versions
    WHERE valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {at:DateTime64(3, 'UTC')})
) AS person
LEFT JOIN
(
    SELECT account_id, ifNull(owner, '') AS email, countIf(state = 'active') AS active_keys
    FROM registry_key_versions
    WHERE valid_from <= {at:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {at:DateTime64(3, 'UTC')})
    GROUP BY account_id, email
) AS key_counts USING (account_id, email)
ORDER BY account_id, email
