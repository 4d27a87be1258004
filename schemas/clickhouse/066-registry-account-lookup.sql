-- registry_account_lookup: what is known of each account from when to when, one numbered row each.
--
-- `version` is the number, unlike any in another generation: 4,194,304 versions have room beside a generation, which is a
-- time in ms. It is a function of the generation, so that dictionaries that are loaded one after the other agree on it.
--
-- `account_key_code`: 0 valid or never learned, 2 invalid, as the rules of the view activity count; `account_key_assumed`:
-- never learned. `uncertain`: the instants in which a change that the rules ask for may or may not have happened yet,
-- because it is known to `precision_ms` only. `rules_until`: so long no such change comes. The time before anything is
-- known has a row as well, because it ends.
CREATE OR REPLACE VIEW registry_account_lookup AS
WITH
    (toDateTime64(0, 3, 'UTC'), toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC')) AS ever,
    judged AS (
        SELECT
            *,
            (ifNull(account_key_state, 'unknown'), ifNull(api_enabled_since, ever.1)) AS rules,
            row_number() OVER by_time = 1 OR rules != lagInFrame(rules) OVER by_time AS changes
        FROM registry_account_timeline
        WINDOW by_time AS (
            PARTITION BY generation, account_id ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    ),
    dated AS (
        SELECT
            *,
            max(if(changes, valid_from, ever.1)) OVER (
                PARTITION BY generation, account_id ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS rules_from,
            ifNull(valid_to - INTERVAL 1 MILLISECOND, ever.2) AS until
        FROM judged
    ),
    zoned AS (
        SELECT
            *,
            max(until) OVER (PARTITION BY generation, account_id, rules_from) AS rules_until,
            least(valid_from + toIntervalMillisecond(if(changes, precision_ms, 1) - 1), until + INTERVAL 1 MILLISECOND) AS certain_from,
            arrayJoin([(valid_from, certain_from - INTERVAL 1 MILLISECOND, 1), (certain_from, until, 0)]) AS zone
        FROM dated
    ),
    known AS (
        SELECT
            generation, account_id, zone.1 AS lookup_from, zone.2 AS lookup_until, rules_until, zone.3 AS uncertain,
            ifNull(name, '') AS name,
            ifNull(account_key_state = 'invalid', false) * 2 AS account_key_code,
            ifNull(account_key_state, 'unknown') = 'unknown' AS account_key_assumed,
            ifNull(api_enabled_since, ever.1) AS api_enabled_since
        FROM zoned
        WHERE zone.1 <= zone.2
        UNION ALL
        SELECT generation, account_id, ever.1, min(valid_from) - INTERVAL 1 MILLISECOND AS before, before, 0, '', 0, 1, ever.1
        FROM registry_account_timeline
        GROUP BY generation, account_id
        HAVING min(valid_from) > ever.1
    )
SELECT
    generation * 4194304 + row_number() OVER (PARTITION BY generation ORDER BY account_id, lookup_from) AS version,
    *
FROM known
