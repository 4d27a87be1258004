-- key_places: on which days, and from when to when, a key was used from a place. What is new for a key is read here.
--
-- A place is an address of IPv4, or the /64 of one of IPv6; `key_since` tells keys apart that had one name, one after
-- the other.
-- Only successes count, and only events whose time was not in the future when they were stored. The states are minima
-- and
-- maxima: storing them twice changes nothing, and they can be made anew from the events at any time.
-- With the first and the last use of each day it is exact whether a use lies in [event − history, event): on the first
-- day the last use decides, on the last day the first one.
CREATE TABLE IF NOT EXISTS key_places
(
    account_id LowCardinality(String),
    key_id     LowCardinality(String),
    key_since  DateTime64(3, 'UTC'),
    place      IPv6,
    asn        UInt32,
    country    LowCardinality(String),
    day        Date,
    first_at   SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
    last_at    SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
PARTITION BY toYYYYMM(day)
ORDER BY (account_id, key_id, key_since, place, asn, country, day)
SETTINGS
    fsync_after_insert = 1,
    fsync_part_directory = 1
