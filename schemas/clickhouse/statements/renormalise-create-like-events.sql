CREATE TABLE {table:Identifier} AS audit_events
