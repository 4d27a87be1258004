-- registry_user_versions: what is known of each user now, from when to when.
CREATE OR REPLACE VIEW registry_user_versions AS
SELECT account_id, email, valid_from, valid_to, recorded_at, user_id, name, role, active, has_api_key, mfa, precision_ms, origin
FROM registry_user_timeline
WHERE generation = (SELECT generation FROM registry_now)
