-- registry_network_lookup: the rows of the dictionary of networks, one per range of addresses.
--
-- The dictionary finds the longest prefix that holds an address, whatever its time and generation. So each prefix carries
-- the networks of every prefix around it as well, longest first: the first of them that holds at the time and in the
-- generation of a question is the answer. Prefixes around one are found by its own address cut to each length that there
-- is, which is a join of equals. Ranges that the standards reserve have the generation 0, which is in every question, and
-- come last: a network that somebody named wins. They are those of schemas/fields/reserved-ranges.ts; a test holds one to
-- the other. `is_ipv4`: a range of IPv6 never holds an address of IPv4.
CREATE OR REPLACE VIEW registry_network_lookup AS
WITH
    (toDateTime64(0, 3, 'UTC'), toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC')) AS ever,
    named AS (
        SELECT
            generation, network, ifNull(kind, '') AS kind, valid_from,
            ifNull(valid_to - INTERVAL 1 MILLISECOND, ever.2) AS valid_until,
            cidr, first, bits, position(cidr, ':') = 0 AS is_ipv4
        FROM registry_network_timeline
        ARRAY JOIN cidrs AS cidr, cidr_from AS first, cidr_bits AS bits
        WHERE state = 'active'
        UNION ALL
        SELECT
            toUInt64(0), reserved.1, 'reserved', ever.1, ever.2, reserved.2,
            toIPv6(splitByChar('/', reserved.2)[1]),
            toUInt8(toUInt8(splitByChar('/', reserved.2)[2]) + if(position(reserved.2, ':') = 0, 96, 0)),
            position(reserved.2, ':') = 0
        FROM (SELECT arrayJoin([
            ('this-network', '0.0.0.0/8'), ('unspecified', '0.0.0.0/32'), ('private', '10.0.0.0/8'),
            ('shared', '100.64.0.0/10'), ('loopback', '127.0.0.0/8'), ('link-local', '169.254.0.0/16'),
            ('private', '172.16.0.0/12'), ('protocol-assignments', '192.0.0.0/24'), ('documentation', '192.0.2.0/24'),
            ('private', '192.168.0.0/16'), ('benchmarking', '198.18.0.0/15'), ('documentation', '198.51.100.0/24'),
            ('documentation', '203.0.113.0/24'), ('multicast', '224.0.0.0/4'), ('reserved', '240.0.0.0/4'),
            ('broadcast', '255.255.255.255/32'), ('unspecified', '::/128'), ('loopback', '::1/128'),
            ('translation', '64:ff9b:1::/48'), ('discard-only', '100::/64'), ('dummy', '100:0:0:1::/64'),
            ('benchmarking', '2001:2::/48'), ('documentation', '2001:db8::/32'), ('documentation', '3fff::/20'),
            ('segment-routing', '5f00::/16'), ('unique-local', 'fc00::/7'), ('link-local', 'fe80::/10'),
            ('site-local', 'fec0::/10'), ('multicast', 'ff00::/8')
        ]) AS reserved)
    ),
    prefixes AS (
        SELECT
            cidr, first, bits,
            arrayJoin(arrayFilter(length -> length <= bits, (SELECT groupUniqArray(bits) FROM named))) AS around_bits,
            IPv6CIDRToRange(first, around_bits).1 AS around_first
        FROM (SELECT DISTINCT cidr, first, bits FROM named)
    )
SELECT
    found.prefix AS prefix,
    arrayMap(one -> one.3, arraySort(groupArray((
        found.generation = 0, -toInt16(found.bits), found.generation, found.valid_from, found.valid_until, found.is_ipv4,
        found.network, found.kind
    ))) AS sorted) AS generations,
    arrayMap(one -> one.4, sorted) AS valid_from,
    arrayMap(one -> one.5, sorted) AS valid_until,
    arrayMap(one -> one.6, sorted) AS is_ipv4,
    arrayMap(one -> one.7, sorted) AS networks,
    arrayMap(one -> one.8, sorted) AS kinds
FROM
(
    SELECT
        prefixes.cidr AS prefix, around.generation AS generation, around.bits AS bits, around.valid_from AS valid_from,
        around.valid_until AS valid_until, around.is_ipv4 AS is_ipv4, around.network AS network, around.kind AS kind
    FROM prefixes
    INNER JOIN named AS around ON around.first = prefixes.around_first AND around.bits = prefixes.around_bits
) AS found
GROUP BY found.prefix
