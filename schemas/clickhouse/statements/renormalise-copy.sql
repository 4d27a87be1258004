-- First arrivals of some hours that need no normalising, or that the present normaliser does not accept, with the
-- network columns of the present edition.
INSERT INTO renormalise_staging
SELECT event.* REPLACE (
    if(found.network_edition != '', found.asn, event.asn) AS asn,
    if(found.network_edition != '', found.as_name, event.as_name) AS as_name,
    if(found.network_edition != '', found.country, event.country) AS country,
    if(found.network_edition != '', found.city, event.city) AS city,
    if(found.network_edition != '', found.latitude, event.latitude) AS latitude,
    if(found.network_edition != '', found.longitude, event.longitude) AS longitude,
    if(found.network_edition != '', found.network_edition, event.network_edition) AS network_edition
)
FROM renormalise_snapshot AS event FINAL
ANY LEFT JOIN renormalise_networks AS found ON event.source_ip = found.source_ip
WHERE event.event_time >= {from:DateTime64(3, 'UTC')} AND event.event_time < {to:DateTime64(3, 'UTC')}
    AND (
        event.schema_version >= transform(event.source, {sources:Array(String)}, {versions:Array(UInt16)}, toUInt16(0))
        OR sipHash128(
            event.source, event.account_id, event.key_id, event.event_time, event.event_id, event.content_hash
        ) IN (SELECT row_key FROM renormalise_kept)
    )
