-- activity: what every question reads. Duplicates are gone, and the registry says who is behind each event and what should
-- have become of it, as far as that is known now of the time of the event.
--
-- The three settings are exact because the sorting key ends in content_hash: rows that FINAL collapses are equal in every
-- column that is a function of the record, so a filter on such a column may act before they are collapsed.
--
-- The rules are numbers, 0 pass, 1 unknown, 2 fail, so that what is to be expected is the greatest of them, and the verdict
-- is one place in a table. Written with conditions they took six times as long: the engine puts off each branch apart. The
-- same in words, and as a function: src/core/authentication-rules.ts; a test holds one to the other.
--
-- `sees_everything`: a reader who is held to accounts is told nothing of a key of another one, though an event of its own
-- names it. Dictionaries know no reader, so the view asks for him.
CREATE OR REPLACE VIEW activity AS
WITH
    (SELECT (generation, rule_names, rule_apps, rule_expressions) FROM registry_now) AS registry,
    registry.1 AS generation,
    toIPv6('::') AS no_address,
    key_id != '' AS has_key,
    source_ip != no_address AS has_address,
    -- Where the key is known: in the event's account first, else in the only other one that ever had its name.
    dictGet('registry_key_at', 'rules', (generation, account_id, key_id), event_time) AS rules_here,
    bitTest(rules_here, 0) AS known_here,
    (SELECT sum(everything) > 0 FROM reader_scope) AS sees_everything,
    known_here OR (sees_everything AND dictHas('registry_key_home', (generation, key_id))) AS known_anywhere,
    if(known_here, account_id, if(sees_everything, dictGet('registry_key_home', 'account_id', (generation, key_id)), '')) AS key_account_id,
    (generation, key_account_id, key_id) AS key,
    if(known_here, rules_here, dictGet('registry_key_at', 'rules', key, event_time)) AS key_rules,
    dictGet('registry_key_at', 'owner', key, event_time) AS key_owner,
    dictGet('registry_key_at', 'app', key, event_time) AS assigned_app,
    -- The network: of all that hold the address, the longest prefix that held at the time. No address has no family.
    source_ip >= toIPv6('::ffff:0.0.0.0') AND source_ip <= toIPv6('::ffff:255.255.255.255') AS is_ipv4,
    (generation, dictGet('registry_prefix_of', 'found', tuple(source_ip)), toUInt8(has_address * (6 - 2 * is_ipv4))) AS prefix,
    dictGet('registry_network_at', 'network', prefix, event_time) AS network_name,
    -- The first app rule that matches what it asks for, as lines; 0 where none has to or does.
    has_key * (assigned_app = '')
        * if(notEmpty(registry.4), arrayMin(multiMatchAllIndices(concat(key_id, '\n', user_agent, '\n', network_name), registry.4)), 0) AS rule_at,
    -- The three rules. What the headers of a request held only the record knows.
    -- What the registry knows is in bits, as registry_account_lookup and registry_key_lookup have them.
    dictGet('registry_account_at', 'rules', (generation, account_id), event_time) AS account_rules,
    bitAnd(bitShiftRight(account_rules, 1), 3) AS account_key_code,
    event_time < dictGet('registry_account_at', 'api_enabled_since', (generation, account_id), event_time) AS is_api_disabled,
    bitAnd(bitShiftRight(key_rules, 1), 3) AS user_key_code,
    bitAnd(bitShiftRight(key_rules, 3), 3) AS list_code,
    dictGet('registry_key_at', 'list', key, event_time) AS list,
    -- The halves of the address, as registry_allow_list_lookup has them.
    toUInt64(bitShiftRight(toUInt128(source_ip), 64)) AS upper,
    toUInt64(bitAnd(toUInt128(source_ip), toUInt64(18446744073709551615))) AS lower,
    dictHas('registry_allow_list_at', (list, toUInt8(1), upper), reinterpretAsInt64(bitXor(lower, bitShiftLeft(toUInt64(1), 63))))
        OR dictHas('registry_allow_list_at', (list, toUInt8(0), toUInt64(0)), reinterpretAsInt64(bitXor(upper, bitShiftLeft(toUInt64(1), 63)))) AS is_listed,
    (auth_reason IN ('missing-account-key', 'missing-user-key', 'invalid-account-key')) * 2 AS headers_code,
    (auth_reason IN ('missing-account-key', 'missing-user-key', 'invalid-account-key', 'invalid-user-key', 'api-disabled')) * 2 AS keys_reason_code,
    (auth_reason = 'account-mismatch') * 2 AS account_reason_code,
    (auth_reason = 'source-ip-not-allowed') * 2 AS source_ip_reason_code,
    has_key * greatest(user_key_code, account_key_code, is_api_disabled * 2, headers_code)
        + (NOT has_key) * greatest(1, keys_reason_code) AS keys_code,
    greatest(has_key * (NOT known_here) * (1 + (key_account_id != '') * (account_id != '')) + (NOT has_key), account_reason_code) AS account_code,
    has_key * ((list_code < 2) * list_code + (list_code = 2) * ((NOT has_address) + 2 * has_address * (NOT is_listed)))
        + (NOT has_key) * greatest(1, source_ip_reason_code) AS source_ip_code,
    -- A change that may have come before or after the event: its own time, or that of the event, is not known so exactly.
    has_key * greatest(
        bitTest(key_rules, 5),
        bitTest(account_rules, 5),
        toUnixTimestamp64Milli(event_time) + time_precision_ms - 1 > least(bitShiftRight(key_rules, 6), bitShiftRight(account_rules, 6))
    ) AS is_uncertain,
    greatest(keys_code, account_code, source_ip_code) * (NOT is_uncertain) + is_uncertain AS expected_code,
    transform(auth_result, ['success', 'unknown', 'failure'], [0, 1, 2], 1) AS recorded_code,
    -- Events that no rule is about: no key was shown, and no authentication failed.
    has_key OR auth_result = 'failure' AS is_judged,
    is_judged * (1 + (known_anywhere OR NOT has_key) * (1 + 3 * recorded_code + expected_code)) AS verdict_code,
    is_judged * (1 + keys_code) AS keys_shown,
    is_judged * (1 + account_code) AS account_shown,
    is_judged * (1 + source_ip_code) AS source_ip_shown,
    ['', 'pass', 'unknown', 'fail'] AS results
SELECT
    source, account_id, event_id, content_hash, schema_version, event_time, time_precision_ms, ingested_at,
    key_id, principal_kind, principal_name, principal_email,
    action, activity, resource_type, resource_id, resource_name, description,
    request_id, source_ip, source_host, http_method, url_path, status_code, user_agent,
    auth_result, auth_reason, outcome, error_code,
    asn, as_name, country, city, latitude, longitude, network_edition,
    stream, stream_partition, stream_offset, record_index, block_id, raw,
    key_account_id,
    dictGet('registry_account_at', 'name', (generation, account_id), event_time) AS account_name,
    if(has_key, dictGet('registry_key_at', 'state', key, event_time), '') AS key_state,
    key_owner AS owner,
    dictGet('registry_user_at', 'name', (generation, key_account_id, key_owner), event_time) AS owner_name,
    concat(assigned_app, registry.3[rule_at]) AS app,
    concat(['', 'assigned'][1 + (assigned_app != '')], registry.2[rule_at]) AS app_rule,
    network_name AS network,
    dictGet('registry_network_at', 'kind', prefix, event_time) AS network_kind,
    results[1 + keys_shown] AS rule_keys,
    results[1 + account_shown] AS rule_account,
    results[1 + source_ip_shown] AS rule_source_ip,
    ['', 'allowed', 'unknown', 'denied'][1 + is_judged * (1 + expected_code)] AS expected,
    [
        '', 'unknown-key',
        -- recorded success; expected allowed, unknown, denied
        'consistent', 'not-evaluable', 'allowed-but-should-be-denied',
        -- nothing recorded
        'not-evaluable', 'not-evaluable', 'not-evaluable',
        -- recorded failure
        'denied-but-should-be-allowed', 'not-evaluable', 'consistent'
    ][1 + verdict_code] AS verdict,
    CAST(
        [0, 0, 1, 0, 3, 0, 0, 0, 4, 0, 2][1 + verdict_code],
        'Enum8(\'not-judged\' = 0, \'allowed\' = 1, \'denied\' = 2, \'should-be-denied\' = 3, \'should-be-allowed\' = 4)'
    ) AS judgement,
    arrayFilter((word, missing) -> missing AND verdict = 'not-evaluable', [
        'auth-result', 'clock', 'account', 'key-account', 'key-state', 'allow-list', 'source-ip', 'auth-reason'
    ], [
        recorded_code = 1,
        is_uncertain = 1,
        has_key AND account_id = '',
        has_key AND known_anywhere AND key_account_id = '',
        has_key AND key_account_id != '' AND user_key_code = 1,
        has_key AND key_account_id != '' AND list_code = 1,
        has_key AND list_code = 2 AND NOT has_address,
        NOT has_key AND expected_code = 1
    ]) AS verdict_missing,
    arrayFilter((word, assumed) -> assumed, ['account-key'], [has_key AND known_anywhere AND bitTest(account_rules, 0)]) AS verdict_assumed
FROM audit_events FINAL
-- What keytrail writes of itself is asked for by name: the view access_log.
WHERE source != 'keytrail/access-log'
SETTINGS
    use_skip_indexes_if_final_exact_mode = 0,
    optimize_move_to_prewhere_if_final = 1,
    do_not_merge_across_partitions_select_final = 1
