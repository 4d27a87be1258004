-- catalog_data_types: what a client of the SQL endpoint is told of types, for drivers that ask what a server can hold.
CREATE OR REPLACE VIEW catalog_data_types AS
SELECT name, case_insensitive, alias_to
FROM system.data_type_families
