-- The tables of a rewriting of history that is under way, or was cut.
SELECT name
FROM system.tables
WHERE database = currentDatabase() AND startsWith(name, 'renormalise_')
ORDER BY name
