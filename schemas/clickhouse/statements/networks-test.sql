-- Which networks hold an address at one instant, and which of them wins: the longest prefix that somebody named, and before
-- any range that the standards reserve.
WITH
    {source_ip:IPv6} AS address,
    (SELECT generation FROM registry_now) AS current,
    dictGet(
        'registry_network_at', ('generations', 'valid_from', 'valid_until', 'is_ipv4', 'networks', 'kinds'), tuple(address)
    ) AS around,
    address >= toIPv6('::ffff:0.0.0.0') AND address <= toIPv6('::ffff:255.255.255.255') AS address_is_ipv4
SELECT
    address AS source_ip,
    numbered.2.5 AS network,
    numbered.2.6 AS kind,
    toBool(numbered.1 = 1) AS wins,
    nullIf(numbered.2.2, toDateTime64(0, 3, 'UTC')) AS valid_from,
    if(numbered.2.3 < toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC'), numbered.2.3 + INTERVAL 1 MILLISECOND, NULL) AS valid_to
FROM
(
    SELECT arrayJoin(arrayZip(arrayEnumerate(held), held)) AS numbered
    FROM
    (
        SELECT arrayFilter(
            one -> (one.1 = current OR one.1 = 0) AND one.4 = address_is_ipv4
                AND one.2 <= {at:DateTime64(3, 'UTC')} AND one.3 >= {at:DateTime64(3, 'UTC')},
            arrayZip(around.1, around.2, around.3, around.4, around.5, around.6)
        ) AS held
    )
)
ORDER BY numbered.1
