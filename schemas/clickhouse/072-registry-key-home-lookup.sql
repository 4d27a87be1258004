-- registry_key_home_lookup: the rows of the dictionary that tells in which account a key of some name is, or ever was;
-- `account_id` is empty where there are several.
CREATE OR REPLACE VIEW registry_key_home_lookup AS
SELECT
    keys.generation AS generation,
    keys.key_id AS key_id,
    if(uniqExact(keys.account_id) = 1, any(keys.account_id), '') AS account_id
FROM registry_key_version AS keys
GROUP BY keys.generation, keys.key_id
