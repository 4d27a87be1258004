-- finding_actions: what people, and keytrail where it learned better, did about findings; appended and never changed.
CREATE TABLE IF NOT EXISTS finding_actions
(
    fingerprint String,
    at          DateTime64(3, 'UTC'),
    action      Enum8('acknowledge' = 1, 'close-true-positive' = 2, 'close-false-positive' = 3, 'withdraw' = 4, 'reinstate' = 5),
    author      String,
    note        String
)
ENGINE = MergeTree
ORDER BY (fingerprint, at)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
