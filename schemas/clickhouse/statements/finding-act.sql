INSERT INTO finding_actions (fingerprint, at, action, author, note)
SELECT arrayJoin({fingerprints:Array(String)}), {at:DateTime64(3, 'UTC')}, {action:String}, {author:String},
    {note:String}
