SELECT rule, chain_id, max(next_index) AS next_index
FROM detection_cursors
GROUP BY rule, chain_id
ORDER BY rule, chain_id
