SELECT month, toFloat64(block_low) AS block_low, toFloat64(block_high) AS block_high
FROM renormalise_state
