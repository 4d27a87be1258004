-- registry_network_lookup: which networks hold the addresses of a prefix, from when to when, in each generation.
--
-- A trie finds the longest prefix that holds an address, whatever its time and generation. So each prefix carries the
-- networks of every prefix around it as well, the longest first: the first that holds is the answer. Prefixes around one are
-- found by its own address cut to each length that there is, which is a join of equals. Ranges that the standards reserve
-- are in every generation, and come last: a network that somebody named wins. They are those of
-- schemas/fields/reserved-ranges.ts; a test holds one to the other. `family`: 4 or 6, of the address that is asked for; a
-- range of IPv6 never holds an address of IPv4.
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
    ),
    kept AS (SELECT generation FROM registry_generations UNION DISTINCT SELECT toUInt64(0)),
    around AS (
        SELECT
            kept.generation AS generation,
            prefixes.cidr AS prefix,
            4 + 2 * (NOT named.is_ipv4) AS family,
            arraySort(groupArray((
                named.generation = 0, -toInt16(named.bits), named.valid_from, named.valid_until, named.network, named.kind
            ))) AS candidates,
            arraySort(arrayDistinct(arrayConcat(
                candidates.3, arrayMap(until -> until + INTERVAL 1 MILLISECOND, arrayFilter(until -> until < ever.2, candidates.4))
            ))) AS changes
        FROM prefixes
        INNER JOIN named ON named.first = prefixes.around_first AND named.bits = prefixes.around_bits
        CROSS JOIN kept
        WHERE named.generation IN (0, kept.generation)
        GROUP BY kept.generation, prefixes.cidr, named.is_ipv4
    )
SELECT
    generation, prefix, family, change.1 AS lookup_from, change.2 AS lookup_until,
    arrayFilter(one -> one.3 <= change.1 AND one.4 >= change.1, candidates) AS holding,
    holding.5[1] AS network,
    holding.6[1] AS kind,
    holding.3 AS valid_from,
    holding.4 AS valid_until,
    holding.5 AS networks,
    holding.6 AS kinds
FROM around
ARRAY JOIN arrayZip(changes, arrayPushBack(arrayMap(next -> next - INTERVAL 1 MILLISECOND, arrayPopFront(changes)), ever.2)) AS change
WHERE notEmpty(holding)
