-- registry_allow_list_lookup: the ranges of each allow list that any key ever had, cut into pieces that a range of 64 bits
-- can hold. `list` is the name by which registry_key_lookup calls it.
--
-- An address is two halves. A piece with `is_within` lies within one upper half: it is a range of the lower one. One without
-- is whole upper halves, a range of them. So a range is up to three pieces: what is in its first upper half, whole ones,
-- what is in its last. The engine compares signed numbers, so the greatest bit of each half is turned round.
CREATE OR REPLACE VIEW registry_allow_list_lookup AS
SELECT DISTINCT list, piece.1 AS is_within, piece.2 AS upper, piece.3 AS first, piece.4 AS last
FROM
(
    WITH
        bitShiftLeft(toUInt64(1), 63) AS sign,
        toUInt64(18446744073709551615) AS ones,
        toUInt128(first_of) AS first_address,
        toUInt128(last_of) AS last_address,
        toUInt64(bitShiftRight(first_address, 64)) AS first_upper,
        toUInt64(bitShiftRight(last_address, 64)) AS last_upper,
        toUInt64(bitAnd(first_address, ones)) AS first_lower,
        toUInt64(bitAnd(last_address, ones)) AS last_lower,
        (toUInt64(first_upper + (first_lower > 0)), toUInt64(last_upper - (last_lower < ones))) AS whole
    SELECT
        reinterpretAsUInt128(sipHash128(lists.allow_list_from, lists.allow_list_to)) AS list,
        arrayJoin(arrayFilter(
            one -> one.5,
            [
                (1, first_upper, first_lower, if(last_upper = first_upper, last_lower, ones), last_upper = first_upper OR first_lower > 0),
                (0, 0, whole.1, whole.2, last_upper > first_upper AND whole.1 <= whole.2),
                (1, last_upper, 0, last_lower, last_upper > first_upper AND last_lower < ones)
            ]
        )) AS found,
        (found.1, found.2, reinterpretAsInt64(bitXor(toUInt64(found.3), sign)), reinterpretAsInt64(bitXor(toUInt64(found.4), sign))) AS piece
    FROM (SELECT DISTINCT allow_list_from, allow_list_to FROM registry_keys WHERE allow_list_state = 'defined') AS lists
    ARRAY JOIN lists.allow_list_from AS first_of, lists.allow_list_to AS last_of
)
