-- Rows that the present normaliser does not accept: they stay as they are.
CREATE TABLE renormalise_kept (row_key FixedString(16)) ENGINE = MergeTree ORDER BY row_key
