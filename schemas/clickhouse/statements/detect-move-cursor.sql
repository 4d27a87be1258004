INSERT INTO detection_cursors (rule, chain_id, next_index, moved_at)
SELECT rule, moved.1, moved.2, {at:DateTime64(3, 'UTC')}
FROM (SELECT arrayJoin({rules:Array(String)}) AS rule)
ARRAY JOIN arrayZip({chains:Array(UUID)}, {indexes:Array(UInt32)}) AS moved
