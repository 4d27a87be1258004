-- registry_prefix_lookup: the rows of the dictionary of prefixes.
CREATE OR REPLACE VIEW registry_prefix_lookup AS
SELECT DISTINCT prefix, prefix AS found
FROM registry_network_at
