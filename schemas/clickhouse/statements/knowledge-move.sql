INSERT INTO knowledge_places (rule, done, stage, after_key, from_day, moved)
SELECT
    arrayJoin({rules:Array(String)}), {done:DateTime64(3, 'UTC')}, {stage:String}, {after:String},
    toDate({day:DateTime64(3, 'UTC')}), {moved:UInt64}
