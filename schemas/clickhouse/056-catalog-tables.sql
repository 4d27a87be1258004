-- catalog_tables: what a client of the SQL endpoint is told of tables: those that it may read, and nothing of where they are.
CREATE OR REPLACE VIEW catalog_tables AS
SELECT
    database, name, uuid, engine, is_temporary, metadata_modification_time, engine_full, partition_key, sorting_key, primary_key,
    sampling_key, total_rows, total_bytes, comment, '' AS create_table_query, '' AS as_select,
    emptyArrayString() AS data_paths, emptyArrayString() AS dependencies_database, emptyArrayString() AS dependencies_table
FROM system.tables
WHERE database = currentDatabase() AND name IN (
    'activity', 'access_log', 'audit_events', 'dead_letters', 'dead_letter_log', 'ledger', 'collector_log',
    'registry_account_versions', 'registry_user_versions', 'registry_key_versions',
    'registry_network_versions', 'registry_accounts', 'registry_users', 'registry_keys',
    'registry_networks', 'registry_imports', 'app_rules', 'finding_states', 'findings', 'finding_evidence',
    'finding_actions', 'suppressions', 'deliveries'
)
