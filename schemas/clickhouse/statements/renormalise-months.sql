-- The months of the rows that are ready: another normaliser may read another time.
SELECT DISTINCT toString(_partition_id) AS month
FROM renormalise_ready
ORDER BY month
