CREATE TABLE key_manners_rebuilt AS key_manners
