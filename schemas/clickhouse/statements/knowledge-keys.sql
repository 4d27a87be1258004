-- The keys of which a change of the registry says something, with the times of which it does.
--
-- What a statement says holds until a later one says the same of the key; what ends or begins a key, or takes a
-- statement back, changes everything behind it. The first statement of a key says that its name is known at all, and
-- the first key of an account that the others are not. What is said of an account is said of all its keys, what is
-- said of a user of those that they own. `relives`: it may be another key by now, or one of another account.
WITH
    toDateTime64('2100-01-01 00:00:00', 3, 'UTC') AS no_end,
    toDateTime64(0, 3, 'UTC') AS beginning,
    counted AS (SELECT recorded_at FROM registry_imports WHERE state = 'committed'),
    named AS (SELECT DISTINCT account_id, key_id FROM registry_keys WHERE recorded_at = {change:DateTime64(3, 'UTC')}),
    sayings AS (
        SELECT
            key_id,
            arrayJoin(arrayFilter(one -> one.2 = {change:DateTime64(3, 'UTC')}, statements)) AS said,
            said.4 AS attributes,
            said.3 OR bitAnd(attributes, 3) != 0 AS reshapes,
            arrayMin(arrayMap(one -> one.2, statements)) = {change:DateTime64(3, 'UTC')} AS is_first,
            arrayMap(one -> one.1, arrayFilter(one -> one.3, statements)) AS taken_back,
            arrayMap(one -> one.1, arrayFilter(
                one -> one.1 > said.1 AND NOT one.3 AND bitAnd(one.4, attributes) = attributes
                    AND NOT has(taken_back, one.1),
                statements
            )) AS followers,
            if(is_first, beginning, said.1) AS since,
            if(reshapes OR is_first OR empty(followers), no_end, arrayMin(followers)) AS until,
            reshapes OR is_first OR said.1 < arrayMin(arrayMap(
                one -> one.1, arrayFilter(one -> one.2 < {change:DateTime64(3, 'UTC')}, statements)
            )) AS relives
        FROM
        (
            SELECT
                key_id,
                groupArray((
                    valid_from, recorded_at, retracts,
                    (state IS NOT NULL) + 2 * (created_at IS NOT NULL) + 4 * (allow_list_state IS NOT NULL)
                        + 8 * (owner IS NOT NULL) + 16 * (app IS NOT NULL)
                )) AS statements
            FROM registry_keys
            WHERE (account_id, key_id) IN (named) AND recorded_at IN (counted)
            GROUP BY account_id, key_id
        )
        WHERE reshapes OR attributes != 0 OR is_first
    ),
    accounts AS (
        SELECT account_id, min(valid_from) AS since
        FROM
        (
            SELECT account_id, valid_from FROM registry_accounts WHERE recorded_at = {change:DateTime64(3, 'UTC')}
            UNION ALL
            SELECT account_id, beginning
            FROM registry_keys
            WHERE recorded_at IN (counted)
            GROUP BY account_id
            HAVING min(recorded_at) = {change:DateTime64(3, 'UTC')}
        )
        GROUP BY account_id
    ),
    users AS (
        SELECT account_id, email, min(valid_from) AS since
        FROM registry_users
        WHERE recorded_at = {change:DateTime64(3, 'UTC')}
        GROUP BY account_id, email
    )
SELECT
    key_id,
    toFloat64(toUnixTimestamp64Milli(min(since))) AS since,
    toFloat64(toUnixTimestamp64Milli(max(until))) AS until,
    max(relives) AS relives
FROM
(
    SELECT key_id, since, until, relives FROM sayings
    UNION ALL
    SELECT used.key_id, accounts.since, no_end, false
    FROM (SELECT DISTINCT account_id, key_id FROM key_hours) AS used
    INNER JOIN accounts ON accounts.account_id = used.account_id
    UNION ALL
    SELECT owned.key_id, users.since, no_end, false
    FROM (SELECT DISTINCT account_id, key_id, assumeNotNull(owner) AS email FROM registry_keys WHERE owner IS NOT NULL) AS owned
    INNER JOIN users ON users.account_id = owned.account_id AND users.email = owned.email
)
WHERE key_id > {after:String}
GROUP BY key_id
HAVING relives OR NOT {relives_only:Bool}
ORDER BY key_id
LIMIT {keys_max:UInt32}
