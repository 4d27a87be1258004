-- registry_account_lookup: the rows of the dictionary of accounts.
--
-- `account_key_code`: 0 valid or never learned, 2 invalid, as the rules of the view activity count; `account_key_assumed`:
-- never learned. `uncertain`: the instants in which a change that the rules ask for may or may not have happened yet,
-- because it is known to `precision_ms` only. `rules_from`: the last such change.
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
    zoned AS (
        SELECT
            *,
            max(if(changes, valid_from, ever.1)) OVER (
                PARTITION BY generation, account_id ORDER BY valid_from ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS rules_from,
            ifNull(valid_to - INTERVAL 1 MILLISECOND, ever.2) AS until,
            least(valid_from + toIntervalMillisecond(if(changes, precision_ms, 1) - 1), until + INTERVAL 1 MILLISECOND) AS certain_from,
            arrayJoin([(valid_from, certain_from - INTERVAL 1 MILLISECOND, 1), (certain_from, until, 0)]) AS zone
        FROM judged
    )
SELECT
    generation, account_id, zone.1 AS lookup_from, zone.2 AS lookup_until, rules_from, zone.3 AS uncertain,
    ifNull(name, '') AS name,
    ifNull(account_key_state = 'invalid', false) * 2 AS account_key_code,
    ifNull(account_key_state, 'unknown') = 'unknown' AS account_key_assumed,
    ifNull(api_enabled_since, ever.1) AS api_enabled_since
FROM zoned
WHERE zone.1 <= zone.2
