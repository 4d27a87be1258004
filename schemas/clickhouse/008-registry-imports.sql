-- registry_imports: every change of the registry as a whole. Its rows say which statements count.
--
-- A change is staged (its statements are stored, and nothing reads them), the dictionaries are loaded with it, and then one
-- row commits it: a question sees all of a change or none of it, and what a killed import left behind counts for nothing.
-- `recorded_at` is the change's own instant, later than that of every change before it. It stands in each of its statements,
-- and names the generation of the registry that the change makes. `at` is the store's clock.
CREATE TABLE IF NOT EXISTS registry_imports
(
    recorded_at      DateTime64(3, 'UTC'),
    state            Enum8('staged' = 1, 'committed' = 2),
    at               DateTime64(3, 'UTC') DEFAULT now64(3),
    origin           String,
    statements       UInt32,
    states_app_rules Bool
)
ENGINE = MergeTree
ORDER BY (recorded_at, state)
SETTINGS
    non_replicated_deduplication_window = 1000,
    fsync_after_insert = 1,
    fsync_part_directory = 1
