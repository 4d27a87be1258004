INSERT INTO renormalise_state SELECT {month:UInt32}, {block_low:Int64}, {block_high:Int64}
