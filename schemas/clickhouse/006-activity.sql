-- activity: what every question reads. Duplicates are gone, and the settings that make that cheap stand inside.
--
-- The three settings are exact because the sorting key ends in content_hash: rows that FINAL collapses are equal in every
-- column that is a function of the record, so a filter on such a column may act before they are collapsed.
CREATE OR REPLACE VIEW activity AS
SELECT
    source, account_id, event_id, content_hash, schema_version, event_time, ingested_at,
    key_id, principal_kind, principal_name, principal_email,
    action, activity, resource_type, resource_id, resource_name, description,
    request_id, source_ip, source_host, http_method, url_path, status_code, user_agent,
    auth_result, auth_reason, outcome, error_code,
    asn, as_name, country, city, latitude, longitude, network_edition,
    stream, stream_partition, stream_offset, record_index, block_id, raw
FROM audit_events FINAL
SETTINGS
    use_skip_indexes_if_final_exact_mode = 0,
    optimize_move_to_prewhere_if_final = 1,
    do_not_merge_across_partitions_select_final = 1
