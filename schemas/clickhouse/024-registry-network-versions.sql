-- registry_network_versions: what is known of each network now, from when to when.
CREATE OR REPLACE VIEW registry_network_versions AS
SELECT
    network, incarnation, valid_from, valid_to, recorded_at, state, kind, owner, description,
    cidrs, cidr_from, cidr_bits, precision_ms, origin
FROM registry_network_timeline
WHERE generation = (SELECT generation FROM registry_now)
