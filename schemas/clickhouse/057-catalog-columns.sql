-- catalog_columns: what a client of the SQL endpoint is told of columns: those of the tables that it may read.
CREATE OR REPLACE VIEW catalog_columns AS
SELECT
    database, table, name, type, position, default_kind, default_expression, comment,
    is_in_partition_key, is_in_sorting_key, is_in_primary_key, is_in_sampling_key,
    character_octet_length, numeric_precision, numeric_precision_radix, numeric_scale, datetime_precision
FROM system.columns
WHERE database = currentDatabase() AND table IN (
    'activity', 'access_log', 'audit_events', 'dead_letters', 'dead_letter_log', 'ledger', 'collector_log',
    'registry_account_versions', 'registry_user_versions', 'registry_key_versions',
    'registry_network_versions', 'registry_accounts', 'registry_users', 'registry_keys',
    'registry_networks', 'registry_imports', 'app_rules', 'finding_states', 'findings', 'finding_evidence',
    'finding_actions', 'suppressions', 'deliveries'
)
