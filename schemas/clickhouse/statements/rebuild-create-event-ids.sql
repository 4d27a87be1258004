CREATE TABLE event_ids_rebuilt AS event_ids
