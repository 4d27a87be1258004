-- finding_evidence: events that show a finding again, after those that it was found by.
--
-- One row for each day of events while a finding is open, and one for what was stored after it was closed: that is
-- what opens
-- it again. A row that is written twice is one.
CREATE TABLE IF NOT EXISTS finding_evidence
(
    fingerprint  String,
    day          Date,
    stored_until DateTime64(3, 'UTC'),
    first_seen   DateTime64(3, 'UTC'),
    last_seen    DateTime64(3, 'UTC'),
    events       UInt64,
    event_ids    Array(String),
    facts        String,
    found_at     DateTime64(3, 'UTC'),
    found_order  UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(found_at))
)
ENGINE = ReplacingMergeTree(found_order)
ORDER BY (fingerprint, day, stored_until)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
