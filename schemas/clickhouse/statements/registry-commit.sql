-- Makes a change of the registry count, at once and as a whole.
INSERT INTO registry_imports (recorded_at, state, origin, statements, states_app_rules)
SELECT {recorded_at:DateTime64(3, 'UTC')}, 'committed', {origin:String}, {statements:UInt32}, {states_app_rules:Bool}
