-- A new token.
INSERT INTO access_tokens SELECT
    {token_id:String}, now64(3), 'added', {name:String}, {role:String}, {digest:String}, {accounts:Array(String)}, {source:String},
    if({expires_at_ms:Int64} = 0, NULL, fromUnixTimestamp64Milli({expires_at_ms:Int64}, 'UTC'))
