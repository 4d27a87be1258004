-- catalog_databases: what a client of the SQL endpoint is told of databases. Programs ask `system.databases` when they
-- connect; they get this in its place.
CREATE OR REPLACE VIEW catalog_databases AS
SELECT name, engine, '' AS data_path, '' AS metadata_path, uuid, engine AS engine_full, comment
FROM system.databases
WHERE name = currentDatabase()
