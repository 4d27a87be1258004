/*
title: Shared keys
question: Which keys were used from several places at about the same time, as a key does that several hold?
description: >
  A key is listed when it was used from source_ips_min addresses within source_ips_hours (reason: addresses), or from
  networks_min autonomous systems by user_agents_min clients within networks_minutes (reason: networks). Three addresses
  in six hours are what Panther alerts on, two networks in thirty minutes what Elastic does. Addresses of IPv6 count
  once for each prefix of ipv6_prefix bits, because one machine changes within it. Windows slide and are half-open: two
  uses exactly source_ips_hours apart are in none together. Counted are uses up to the moment of asking: requests with
  an address that were not turned away, and those that were turned away for their address alone, for whoever made them
  held the key. It is a reason to look and no proof: a job that runs on changing machines looks the same. Owner and app
  are those of the time of the peak.
params:
  source_ips_min: {type: UInt32, default: 3, description: addresses within source_ips_hours}
  source_ips_hours: {type: UInt32, default: 6, description: length of that window in hours}
  networks_min: {type: UInt32, default: 2, description: autonomous systems within networks_minutes}
  user_agents_min: {type: UInt32, default: 2, description: user agents in the same window}
  networks_minutes: {type: UInt32, default: 30, description: length of that window in minutes}
  ipv6_prefix: {type: UInt8, default: 64, description: bits of an address of IPv6 that tell one place from another}
  account_id: {type: String, default: "", description: only keys of this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  account_id: account of the key, or of its requests where the registry does not know it
  key_id: what the source records to name the key
  owner: owner of the key at the time of the peak; empty where it is not known
  app: app that the registry assigns to the key at that time
  reasons: addresses, networks, or both
  source_ips_peak: {unit: addresses, description: most addresses within one window}
  source_ips_at: last use of the first window with so many
  networks_peak: {unit: systems, description: most autonomous systems in a window with user_agents_min clients}
  user_agents_peak: {unit: clients, description: user agents in that window}
  networks_at: last use of the first window with so many; NULL when there is none
  requests: {unit: requests, description: uses in the range}
tags: [hygiene, key, source-ip, sharing]
chart: {kind: bar, x: key_id, y: source_ips_peak}
*/
WITH
    {source_ips_hours:UInt32} * toInt64(3600000) AS addresses_ms,
    {networks_minutes:UInt32} * toInt64(60000) AS networks_ms,
    uses AS (
        SELECT
            if(key_account_id = '', account_id, key_account_id) AS home,
            key_id,
            toUnixTimestamp64Milli(event_time) AS at,
            if(
                source_ip >= toIPv6('::ffff:0.0.0.0') AND source_ip <= toIPv6('::ffff:255.255.255.255'),
                source_ip,
                IPv6CIDRToRange(source_ip, {ipv6_prefix:UInt8}).1
            ) AS place,
            asn,
            user_agent
        FROM activity
        WHERE key_id != '' AND source_ip != toIPv6('::')
            AND (auth_result != 'failure' OR auth_reason = 'source-ip-not-allowed')
            AND ({account_id:String} = '' OR home = {account_id:String})
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
            AND event_time <= {now:DateTime64(3, 'UTC')}
    ),
    -- Whatever has too few in the whole range has too few in each window: most keys end here.
    suspects AS (
        SELECT
            home,
            key_id,
            uniqExact(place) >= {source_ips_min:UInt32} AS by_places,
            uniqExactIf(asn, asn != 0) >= {networks_min:UInt32}
                AND uniqExactIf(user_agent, user_agent != '') >= {user_agents_min:UInt32} AS by_networks
        FROM uses
        GROUP BY home, key_id
        HAVING by_places OR by_networks
    ),
    -- A place counts from each use until the window has passed it, or until its next use, which counts from then on. So
    -- the number of places within the window that ends at some moment is what began less what ended by then.
    spans AS (
        SELECT
            home,
            key_id,
            at,
            asn != 0 AND suspects.by_networks AS has_network,
            user_agent != '' AND suspects.by_networks AS has_agent,
            least(leadInFrame(at, 1, at + addresses_ms) OVER of_place, at + addresses_ms) AS place_until,
            least(leadInFrame(at, 1, at + networks_ms) OVER of_network, at + networks_ms) AS network_until,
            least(leadInFrame(at, 1, at + networks_ms) OVER of_agent, at + networks_ms) AS agent_until
        FROM uses
        INNER JOIN suspects USING (home, key_id)
        WINDOW
            of_place AS (
                PARTITION BY home, key_id, place ORDER BY at ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            ),
            of_network AS (
                PARTITION BY home, key_id, asn ORDER BY at ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            ),
            of_agent AS (
                PARTITION BY home, key_id, user_agent ORDER BY at ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            )
    ),
    marks AS (
        SELECT
            home,
            key_id,
            arrayJoin([
                (at, 1, toInt8(has_network), toInt8(has_agent), 1),
                (place_until, -1, 0, 0, 0),
                (network_until, 0, -toInt8(has_network), 0, 0),
                (agent_until, 0, 0, -toInt8(has_agent), 0)
            ]) AS mark,
            mark.1 AS moment
        FROM spans
        WHERE mark.2 != 0 OR mark.3 != 0 OR mark.4 != 0
    ),
    moments AS (
        SELECT
            home,
            key_id,
            moment,
            mark.5 AS uses_here,
            sum(mark.2) OVER until_now AS places,
            sum(mark.3) OVER until_now AS networks,
            sum(mark.4) OVER until_now AS agents
        FROM marks
        WINDOW until_now AS (
            PARTITION BY home, key_id ORDER BY moment RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        )
    ),
    peaks AS (
        SELECT
            home,
            key_id,
            argMax((places, moment), (places, -moment)) AS of_places,
            argMaxIf(
                (networks, agents, moment),
                (networks, agents, -moment),
                networks >= {networks_min:UInt32} AND agents >= {user_agents_min:UInt32}
            ) AS of_networks,
            arrayFilter((reason, holds) -> holds, ['addresses', 'networks'], [
                of_places.1 >= {source_ips_min:UInt32}, of_networks.1 > 0
            ]) AS reasons,
            fromUnixTimestamp64Milli(if(has(reasons, 'addresses'), of_places.2, of_networks.3), 'UTC') AS peak_at,
            sum(uses_here) AS requests
        FROM moments
        GROUP BY home, key_id
        HAVING notEmpty(reasons)
    )
SELECT
    peaks.home AS account_id,
    peaks.key_id AS key_id,
    ifNull(then.owner, '') AS owner,
    ifNull(then.app, '') AS app,
    peaks.reasons AS reasons,
    peaks.of_places.1 AS source_ips_peak,
    fromUnixTimestamp64Milli(peaks.of_places.2, 'UTC') AS source_ips_at,
    peaks.of_networks.1 AS networks_peak,
    peaks.of_networks.2 AS user_agents_peak,
    if(networks_peak = 0, NULL, fromUnixTimestamp64Milli(peaks.of_networks.3, 'UTC')) AS networks_at,
    peaks.requests AS requests
FROM peaks
ASOF LEFT JOIN registry_key_versions AS then
    ON then.account_id = peaks.home AND then.key_id = peaks.key_id AND then.valid_from <= peaks.peak_at
ORDER BY length(reasons) DESC, source_ips_peak DESC, networks_peak DESC, account_id, key_id
