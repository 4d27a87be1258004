CREATE TABLE key_places_rebuilt AS key_places
