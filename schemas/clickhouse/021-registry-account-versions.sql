-- registry_account_versions: what is known of each account now, from when to when.
CREATE OR REPLACE VIEW registry_account_versions AS
SELECT account_id, valid_from, valid_to, recorded_at, name, account_key_state, api_enabled_since, precision_ms, origin
FROM registry_account_timeline
WHERE generation = (SELECT generation FROM registry_now)
