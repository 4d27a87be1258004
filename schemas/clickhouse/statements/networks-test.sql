-- Which networks hold an address at one instant, and which of them wins: the longest prefix that somebody named, and before
-- any range that the standards reserve.
WITH
    {source_ip:IPv6} AS address,
    if(address >= toIPv6('::ffff:0.0.0.0') AND address <= toIPv6('::ffff:255.255.255.255'), 4, 6) AS family,
    dictGet('registry_prefix_of', 'found', tuple(address)) AS prefix,
    dictGet(
        'registry_network_at', ('networks', 'kinds', 'valid_from', 'valid_until'),
        ((SELECT generation FROM registry_now), prefix, toUInt8(family)), {at:DateTime64(3, 'UTC')}
    ) AS holding
SELECT
    address AS source_ip,
    holding.1[place] AS network,
    holding.2[place] AS kind,
    toBool(place = 1) AS wins,
    nullIf(holding.3[place], toDateTime64(0, 3, 'UTC')) AS valid_from,
    if(
        holding.4[place] < toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC'), holding.4[place] + INTERVAL 1 MILLISECOND, NULL
    ) AS valid_to
FROM (SELECT arrayJoin(arrayEnumerate(holding.1)) AS place)
ORDER BY place
