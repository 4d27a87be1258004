-- registry_key_lookup: what is known of each key from when to when, one numbered row each.
--
-- `version` is as in registry_account_lookup, and so are `uncertain` and `rules_until`. `key_code`: 0 valid, 1 not known,
-- 2 deleted or revoked, as the rules of the view activity count; `list_code`: 0 no allow list, 1 not known, 2 the ranges
-- decide. `list` is the least version with the same allow list, 0 without one. A first row for the time before anything is
-- known tells a name that the account had at some time from one that it never had.
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
    ),
    known AS (
        SELECT
            generation, account_id, key_id, zone.1 AS lookup_from, zone.2 AS lookup_until, rules_until, zone.3 AS uncertain,
            ifNull(toString(state), 'unknown') AS state,
            ifNull(owner, '') AS owner,
            ifNull(app, '') AS app,
            transform(ifNull(toString(state), 'unknown'), ['active', 'unknown'], [0, 1], 2) AS key_code,
            transform(ifNull(toString(allow_list_state), 'unknown'), ['none', 'unknown'], [0, 1], 2) AS list_code,
            allow_list_from, allow_list_to
        FROM zoned
        WHERE zone.1 <= zone.2
        UNION ALL
        SELECT
            generation, account_id, key_id, ever.1, min(valid_from) - INTERVAL 1 MILLISECOND AS before, before, 0,
            'unknown', '', '', 1, 1, [], []
        FROM registry_key_timeline
        GROUP BY generation, account_id, key_id
        HAVING min(valid_from) > ever.1
    ),
    numbered AS (
        SELECT
            *,
            generation * 4194304 + row_number() OVER (PARTITION BY generation ORDER BY account_id, key_id, lookup_from) AS version
        FROM known
    )
SELECT
    version, generation, account_id, key_id, lookup_from, lookup_until, rules_until, uncertain, state, owner, app, key_code,
    list_code,
    if(list_code = 2, min(version) OVER (PARTITION BY generation, list_code, allow_list_from, allow_list_to), 0) AS list,
    allow_list_from, allow_list_to
FROM numbered
