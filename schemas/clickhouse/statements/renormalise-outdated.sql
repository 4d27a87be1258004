-- First arrivals that an older version of their normaliser made, with what a row keeps when it is made anew.
SELECT
    lower(hex(sipHash128(
        event.source, event.account_id, event.key_id, event.event_time, event.event_id, event.content_hash
    ))) AS row_key,
    toString(event.source) AS source,
    toString(event.account_id) AS account_id,
    lower(hex(event.content_hash)) AS content_hash,
    toFloat64(toUnixTimestamp64Milli(event.ingested_at)) AS ingested_at,
    toString(event.stream) AS stream,
    event.stream_partition AS stream_partition,
    toFloat64(event.stream_offset) AS stream_offset,
    event.record_index AS record_index,
    toString(event.block_id) AS block_id,
    event.asn AS asn,
    toString(event.as_name) AS as_name,
    toString(event.country) AS country,
    toString(event.city) AS city,
    event.latitude AS latitude,
    event.longitude AS longitude,
    toString(event.network_edition) AS network_edition,
    event.raw AS raw
FROM renormalise_snapshot AS event FINAL
WHERE event.schema_version < transform(event.source, {sources:Array(String)}, {versions:Array(UInt16)}, toUInt16(0))
