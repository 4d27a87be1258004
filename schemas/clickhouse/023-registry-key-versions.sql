-- registry_key_versions: what is known of each key now, from when to when.
CREATE OR REPLACE VIEW registry_key_versions AS
SELECT
    account_id, key_id, incarnation, valid_from, valid_to, recorded_at,
    state, owner, app, purpose, created_at, created_by, fingerprint,
    allow_list_state, allow_list, allow_list_from, allow_list_to, precision_ms, origin
FROM registry_key_timeline
WHERE generation = (SELECT generation FROM registry_now)
