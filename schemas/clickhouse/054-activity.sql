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
    dictHas('registry_key_at', (generation, account_id, key_id), event_time) AS known_here,
    (SELECT sum(everything) > 0 FROM reader_scope) AS sees_everything,
    known_here OR (sees_everything AND dictHas('registry_key_home', (generation, key_id))) AS known_anywhere,
    if(known_here, account_id, if(sees_everything, dictGet('registry_key_home', 'account_id', (generation, key_id)), '')) AS key_account_id,
    (generation, key_account_id, key_id) AS key,
    dictGet('registry_key_at', 'owner', key, event_time) AS key_owner,
    dictGet('registry_key_at', 'app', key, event_time) AS assigned_app,
    -- The network: of all that hold the address, the longest prefix that held at the time.
    source_ip >= toIPv6('::ffff:0.0.0.0') AND source_ip <= toIPv6('::ffff:255.255.255.255') AS is_ipv4,
    dictGet('registry_network_at', ('generations', 'valid_from', 'valid_until', 'is_ipv4', 'networks', 'kinds'), tuple(source_ip)) AS around,
    has_address * arrayFirstIndex(
        (of, since, until, ipv4) -> (of = generation OR of = 0) AND since <= event_time AND event_time <= until AND ipv4 = is_ipv4,
        around.1, around.2, around.3, around.4
    ) AS network_at,
    around.5[network_at] AS network_name,
    -- The first app rule that matches what it asks for, as lines.
    arrayMin(multiMatchAllIndices(concat(key_id, '\n', user_agent, '\n', network_name), registry.4)) AS rule_at,
    -- The three rules. What the headers of a request held only the record knows.
    dictGet('registry_account_at', ('account_key_code', 'account_key_assumed', 'api_enabled_since', 'uncertain'), (generation, account_id), event_time) AS account,
    dictGet('registry_key_at', 'key_code', key, event_time) AS user_key_code,
    dictGet('registry_key_at', 'list_code', key, event_time) AS list_code,
    dictGet('registry_key_at', ('allow_list_from', 'allow_list_to'), key, event_time) AS allow_list,
    arrayExists((first, last) -> source_ip >= first AND source_ip <= last, allow_list.1, allow_list.2) AS is_listed,
    (auth_reason IN ('missing-account-key', 'missing-user-key', 'invalid-account-key')) * 2 AS headers_code,
    (auth_reason IN ('missing-account-key', 'missing-user-key', 'invalid-account-key', 'invalid-user-key', 'api-disabled')) * 2 AS keys_reason_code,
    (auth_reason = 'account-mismatch') * 2 AS account_reason_code,
    (auth_reason = 'source-ip-not-allowed') * 2 AS source_ip_reason_code,
    has_key * greatest(user_key_code, account.1, (event_time < account.3) * 2, headers_code)
        + (NOT has_key) * greatest(1, keys_reason_code) AS keys_code,
    greatest(has_key * (NOT known_here) * (1 + (key_account_id != '') * (account_id != '')) + (NOT has_key), account_reason_code) AS account_code,
    has_key * ((list_code < 2) * list_code + (list_code = 2) * ((NOT has_address) + 2 * has_address * (NOT is_listed)))
        + (NOT has_key) * greatest(1, source_ip_reason_code) AS source_ip_code,
    -- A change that may have come before or after the event: its own time, or that of the event, is not known so exactly.
    has_key * greatest(
        dictGet('registry_key_at', 'uncertain', key, event_time),
        account.4,
        dictGet('registry_key_at', 'rules_from', key, event_time)
            != dictGet('registry_key_at', 'rules_from', key, addMilliseconds(event_time, time_precision_ms - 1)),
        dictGet('registry_account_at', 'rules_from', (generation, account_id), event_time)
            != dictGet('registry_account_at', 'rules_from', (generation, account_id), addMilliseconds(event_time, time_precision_ms - 1))
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
    if(has_key AND assigned_app = '', registry.3[rule_at], assigned_app) AS app,
    if(has_key AND assigned_app = '', registry.2[rule_at], if(assigned_app = '', '', 'assigned')) AS app_rule,
    network_name AS network,
    around.6[network_at] AS network_kind,
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
    arrayFilter((word, assumed) -> assumed, ['account-key'], [has_key AND known_anywhere AND account.2]) AS verdict_assumed
FROM audit_events FINAL
-- What keytrail writes of itself is asked for by name: the view access_log.
WHERE source != 'keytrail/access-log'
SETTINGS
    use_skip_indexes_if_final_exact_mode = 0,
    optimize_move_to_prewhere_if_final = 1,
    do_not_merge_across_partitions_select_final = 1
