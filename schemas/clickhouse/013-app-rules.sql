-- app_rules: the rules that give an app to what a key without one does. A change that states rules states all of them.
--
-- `key_pattern`, `user_agent_pattern` and `network` are as they were written, and empty where the rule does not ask;
-- `expression` is the same as one regular expression over the three as lines, made by the writer: the first rule that
-- matches is then one search for all rules.
CREATE TABLE IF NOT EXISTS app_rules
(
    recorded_at        DateTime64(3, 'UTC'),
    position           UInt16,
    rule               String,
    app                String,
    key_pattern        String,
    user_agent_pattern String,
    network            String,
    expression         String
)
ENGINE = MergeTree
ORDER BY (recorded_at, position)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
