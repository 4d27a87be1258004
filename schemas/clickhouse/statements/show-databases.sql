-- SHOW DATABASES of the SQL endpoint.
SELECT name FROM catalog_databases ORDER BY name
