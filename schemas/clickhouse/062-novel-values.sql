-- novel_values: values of one kind that were new for a key, with the day on which they were. A view with parameters: every
-- detection of what is new asks it.
--
-- New is a value whose use before lies further back than the history, or of which nobody has judged yet whether it was right
-- that it was used at all (held_values, of the detection of that name); and only of keys that have learned long enough.
CREATE OR REPLACE VIEW novel_values AS
WITH
    toDate({from:DateTime64(3, 'UTC')}) - {history_days:UInt16} - 1 AS begins,
    toDate({from:DateTime64(3, 'UTC')}) AS today,
    (
        SELECT groupArray((account_id, key_id, value, fresh_day, used_at, key_since))
        FROM
        (
            SELECT
                account_id, key_id, key_since, value, fresh_day,
                arrayMin(arrayMap(used -> used.2, arrayFilter(used -> used.1 = fresh_day, uses))) AS used_at,
                arrayMax(arrayMap(used -> used.3, arrayFilter(used -> used.1 < fresh_day, uses))) AS used_before
            FROM
            (
                SELECT account_id, key_id, key_since, value, groupArray((day, first_at, last_at)) AS uses
                FROM key_values
                WHERE kind = {kind:String} AND day >= begins AND day <= toDate({to:DateTime64(3, 'UTC')})
                GROUP BY account_id, key_id, key_since, value
                HAVING max(day) >= today
            )
            ARRAY JOIN arrayDistinct(arrayMap(
                used -> used.1,
                arrayFilter(
                    used -> used.1 >= today AND used.3 >= {from:DateTime64(3, 'UTC')}
                        AND used.2 < {to:DateTime64(3, 'UTC')}, uses
                )
            )) AS fresh_day
        )
        WHERE used_before < used_at - toIntervalDay({history_days:UInt16})
            OR (account_id, key_id, value) IN (
                SELECT account_id, key_id, value FROM held_values WHERE rule = {rule:String}
            )
    ) AS unusual
SELECT odd.1 AS account_id, odd.2 AS key_id, odd.6 AS key_since, odd.3 AS value, odd.4 AS day
FROM (SELECT arrayJoin(unusual) AS odd, odd.1 AS account, odd.2 AS name, odd.6 AS since) AS candidates
INNER JOIN
(
    SELECT account_id, key_id, key_since, min(first_at) AS begun
    FROM key_values
    WHERE kind = {kind:String} AND notEmpty(unusual)
        AND (account_id, key_id) IN (SELECT one.1, one.2 FROM (SELECT arrayJoin(unusual) AS one))
    GROUP BY account_id, key_id, key_since
) AS life ON life.account_id = account AND life.key_id = name AND life.key_since = since
WHERE odd.5 >= begun + toIntervalDay({learning_days:UInt16})
