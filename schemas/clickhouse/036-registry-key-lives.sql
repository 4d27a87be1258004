-- registry_key_lives: the versions of each key, with what tells its uses from those of another key of the same name.
--
-- `known_since`: when the first thing that is known of this key was so. `begins_at`: from then on a use of the name is a
-- use of this key. That is its creation. Where nobody told it, a key that has the name of an earlier one begins with
-- what is known of it, and the first of a name was there before anybody described it.
CREATE OR REPLACE VIEW registry_key_lives AS
SELECT
    account_id, key_id, incarnation,
    min(valid_from) OVER (PARTITION BY account_id, key_id, incarnation) AS known_since,
    ifNull(created_at, if(incarnation = 0, toDateTime64(0, 3, 'UTC'), known_since)) AS begins_at,
    valid_from, valid_to, recorded_at,
    state, owner, app, purpose, created_at, created_by, fingerprint,
    allow_list_state, allow_list, allow_list_from, allow_list_to, precision_ms, origin
FROM registry_key_versions
