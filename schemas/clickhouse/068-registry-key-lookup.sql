-- registry_key_lookup: the rows of the dictionary of keys.
--
-- `rules` is as in registry_account_lookup. Bit 0: the account has or had a key of this name. Bits 1 and 2: 0 it is valid,
-- 1 not known, 2 deleted or revoked, as the rules of the view activity count. Bits 3 and 4: 0 it has no allow list, 1 not
-- known, 2 the ranges of `list` decide. Bit 5 and those from bit 6 on are as there. A first row for the time before anything
-- is known tells a name that the account had at some time from one that it never had.
CREATE OR REPLACE VIEW registry_key_lookup AS
WITH
    (toDateTime64(0, 3, 'UTC'), toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC')) AS ever,
    judged AS (
        SELECT
            *,
            sipHash64(ifNull(state, 'unknown'), ifNull(allow_list_state, 'unknown'), allow_list_from, allow_list_to) AS rules,
            row_number() OVER by_time = 1 OR rules != lagInFrame(rules) OVER by_time AS changes
        FROM registry_key_timeline
        WINDOW by_time AS (
            PARTITION BY generation, account_id, key_id ORDER BY valid_from
            ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    ),
    dated AS (
        SELECT
            *,
            max(if(changes, valid_from, ever.1)) OVER (
                PARTITION BY generation, account_id, key_id ORDER BY valid_from
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS rules_from,
            ifNull(valid_to - INTERVAL 1 MILLISECOND, ever.2) AS until
        FROM judged
    ),
    zoned AS (
        SELECT
            *,
            max(until) OVER (PARTITION BY generation, account_id, key_id, rules_from) AS rules_until,
            least(valid_from + toIntervalMillisecond(if(changes, precision_ms, 1) - 1), until + INTERVAL 1 MILLISECOND) AS certain_from,
            arrayJoin([(valid_from, certain_from - INTERVAL 1 MILLISECOND, 1), (certain_from, until, 0)]) AS zone
        FROM dated
    )
SELECT
    generation, account_id, key_id, zone.1 AS lookup_from, zone.2 AS lookup_until,
    toUInt64(1)
        + 2 * transform(ifNull(toString(state), 'unknown'), ['active', 'unknown'], [0, 1], 2)
        + 8 * transform(ifNull(toString(allow_list_state), 'unknown'), ['none', 'unknown'], [0, 1], 2)
        + 32 * zone.3
        + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(rules_until)), 6) AS rules,
    -- Of its contents: one list of many keys is held once, in registry_allow_list_at.
    if(
        ifNull(allow_list_state = 'defined', false), reinterpretAsUInt128(sipHash128(allow_list_from, allow_list_to)), 0
    ) AS list,
    ifNull(toString(state), 'unknown') AS state,
    ifNull(owner, '') AS owner,
    ifNull(app, '') AS app
FROM zoned
WHERE zone.1 <= zone.2
UNION ALL
SELECT
    generation, account_id, key_id, ever.1, min(valid_from) - INTERVAL 1 MILLISECOND AS before,
    1 + 2 * 1 + 8 * 1 + bitShiftLeft(toUInt64(toUnixTimestamp64Milli(before)), 6), 0, 'unknown', '', ''
FROM registry_key_timeline
GROUP BY generation, account_id, key_id
HAVING min(valid_from) > ever.1
