INSERT INTO suppressions (id, at, rule, entity, cidr, until, author, reason)
SELECT
    {id:String}, {at:DateTime64(3, 'UTC')}, {rule:String},
    mapFromArrays({columns:Array(String)}, {patterns:Array(String)}), {cidr:String},
    {until:DateTime64(3, 'UTC')}, {author:String}, {reason:String}
