-- reader_scope: whether the reader sees all accounts. One row; a reader who is held to some accounts reads none, because
-- the filter that holds it to them says so. What a dictionary knows of other accounts is then left out of `activity`.
CREATE OR REPLACE VIEW reader_scope AS SELECT toUInt8(1) AS everything
