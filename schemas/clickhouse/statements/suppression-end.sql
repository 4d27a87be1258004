-- A row that repeats a suppression with an earlier end.
INSERT INTO suppressions (id, at, rule, entity, cidr, until, author, reason)
SELECT id, {at:DateTime64(3, 'UTC')}, said.1, said.2, said.3, {at:DateTime64(3, 'UTC')}, {author:String}, said.4
FROM
(
    SELECT id, argMax((rule, entity, cidr, reason), suppressions.at) AS said
    FROM suppressions
    WHERE id = {id:String}
    GROUP BY id
)
