-- key_values: where from, by what client and for what a key was used on which days, one value of one kind a row.
--
-- A source-ip is an address of IPv4 or the /64 of one of IPv6, in the words of findings; a network is an autonomous system,
-- or the /24 or /48 of an address that none is known to announce.
CREATE OR REPLACE VIEW key_values AS
WITH
    (address -> address >= toIPv6('::ffff:0.0.0.0') AND address <= toIPv6('::ffff:255.255.255.255')) AS is_ipv4,
    (address -> concat(
        replaceOne(toString(IPv6CIDRToRange(address, if(is_ipv4(address), 120, 48)).1), '::ffff:', ''),
        if(is_ipv4(address), '/24', '/48')
    )) AS prefix_of
SELECT
    account_id, key_id, key_since, 'source-ip' AS kind, replaceOne(toString(place), '::ffff:', '') AS value,
    day, first_at, last_at
FROM key_places
WHERE place != toIPv6('::')
UNION ALL
SELECT
    account_id, key_id, key_since, 'network', if(asn != 0, concat('AS', toString(asn)), prefix_of(place)),
    day, first_at, last_at
FROM key_places
WHERE place != toIPv6('::')
UNION ALL
SELECT account_id, key_id, key_since, 'country', toString(country), day, first_at, last_at
FROM key_places
WHERE country != ''
UNION ALL
SELECT account_id, key_id, key_since, toString(key_manners.kind), key_manners.value, day, first_at, last_at
FROM key_manners
