-- catalog_functions: what a client of the SQL endpoint is told of functions; it may call fewer than there are.
CREATE OR REPLACE VIEW catalog_functions AS
SELECT name, is_aggregate, case_insensitive, alias_to, '' AS create_query, origin, description
FROM system.functions
WHERE origin = 'System'
