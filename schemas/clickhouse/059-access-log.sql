-- access_log: who asked keytrail what, exported what, and changed what. It is kept as events of a source of its own, which
-- `activity` leaves out: a question about the watched API is never answered with what was asked of keytrail.
CREATE OR REPLACE VIEW access_log AS
SELECT
    event_time, ingested_at, event_id, account_id,
    principal_name AS token,
    action, resource_id AS target, status_code, outcome, source_ip, request_id, description AS detail, raw
FROM audit_events FINAL
WHERE source = 'keytrail/access-log'
SETTINGS
    use_skip_indexes_if_final_exact_mode = 0,
    optimize_move_to_prewhere_if_final = 1,
    do_not_merge_across_partitions_select_final = 1
