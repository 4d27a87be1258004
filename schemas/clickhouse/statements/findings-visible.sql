SELECT DISTINCT fingerprint AS id FROM findings WHERE fingerprint IN {ids:Array(String)}
