-- A token counts no more from now on.
INSERT INTO access_tokens SELECT {token_id:String}, now64(3), 'revoked', '', '', '', [], '', NULL
