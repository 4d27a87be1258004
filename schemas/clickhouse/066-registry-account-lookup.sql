-- registry_account_lookup: the rows of the dictionary of accounts.
--
-- `rules` is all that the rules of the view activity ask for, in one number, because a look-up costs as much for one bit as
-- for 64. Bit 0: the state of the account key was never learned, and is taken to be valid. Bits 1 and 2: 2 where it is
-- invalid, else 0. Bit 5: an instant in which a change that the rules ask for may or may not have happened yet, because it
-- is known to `precision_ms` only. From bit 6 on: until when no such change comes, in ms since 1970. The time before
-- anything is known has a row as well, because it ends.
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
    )
SELECT
    generation, account_id, zone.1 AS lookup_from, zone.2 AS lookup_until,
    toUInt64(ifNull(account_key_state, 'unknown') = 'unknown')
        + 4 * ifNull(account_key_state = 'invalid', false)
        + 32 * zone.3
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(rules_until)), 6) AS rules,
    ifNull(api_enabled_since, ever.1) AS api_enabled_since,
    ifNull(name, '') AS name
FROM zoned
WHERE zone.1 <= zone.2
UNION ALL
SELECT
    generation, account_id, ever.1, min(valid_from) - INTERVAL 1 MILLISECOND AS before,
    1 + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(before)), 6), ever.1, ''
FROM registry_account_timeline
GROUP BY generation, account_id
HAVING min(valid_from) > ever.1
