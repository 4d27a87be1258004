-- registry_user_lookup: the rows of the dictionary of users.
CREATE OR REPLACE VIEW registry_user_lookup AS
SELECT
    generation, account_id, email,
    valid_from AS lookup_from,
    ifNull(valid_to - INTERVAL 1 MILLISECOND, toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC')) AS lookup_until,
    ifNull(name, '') AS name,
    ifNull(role, '') AS role,
    multiIf(active IS NULL, 'unknown', active, 'active', 'inactive') AS state
FROM registry_user_timeline
