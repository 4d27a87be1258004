-- Addresses of rows whose network columns are of another edition.
SELECT DISTINCT lower(hex(source_ip)) AS address
FROM renormalise_snapshot
WHERE network_edition != {edition:String}
