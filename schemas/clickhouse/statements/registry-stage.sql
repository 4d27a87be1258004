-- Announces a change of the registry; nothing reads it yet.
INSERT INTO registry_imports (recorded_at, state, origin, statements, states_app_rules)
SELECT {recorded_at:DateTime64(3, 'UTC')}, 'staged', {origin:String}, {statements:UInt32}, {states_app_rules:Bool}
