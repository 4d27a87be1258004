-- SHOW TABLES of the SQL endpoint.
SELECT name FROM catalog_tables ORDER BY name
