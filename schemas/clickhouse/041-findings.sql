-- findings: what detections found, once each and never changed.
--
-- `fingerprint` is made of the rule, the entity's values and the anchor, so finding something a second time is no
-- second
-- finding: the first row stands, whoever writes the same again. What became of it is in finding_actions and
-- finding_evidence. `facts` is the row that the detection gave, `parameters` what it was asked with.
CREATE TABLE IF NOT EXISTS findings
(
    fingerprint  String,
    rule         LowCardinality(String),
    rule_version UInt16,
    severity     Enum8('informational' = 1, 'low' = 2, 'medium' = 3, 'high' = 4, 'critical' = 5),
    raises       Enum8('signal' = 1, 'alert' = 2),
    backfill     Bool,
    entity       Map(String, String),
    account_id   String,
    key_id       String,
    source_ip    IPv6,
    anchor_at    DateTime64(3, 'UTC'),
    first_seen   DateTime64(3, 'UTC'),
    last_seen    DateTime64(3, 'UTC'),
    stored_until DateTime64(3, 'UTC'),
    events       UInt64,
    event_ids    Array(String),
    summary      String,
    facts        String,
    parameters   String,
    suppression  String,
    found_at     DateTime64(3, 'UTC'),
    found_order  UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(found_at))
)
ENGINE = ReplacingMergeTree(found_order)
ORDER BY fingerprint
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
