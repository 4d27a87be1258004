CREATE TABLE key_hours_rebuilt AS key_hours
