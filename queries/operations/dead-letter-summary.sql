/*
title: Dead letters
question: Which records could not become events, why, and what was done about them?
description: >
  One row per reason, source and stream. The same record delivered twice is one letter. A letter is open until a replay has
  made an event of it; one that a replay refused again stays open.
params:
  from: {type: "DateTime64(3, 'UTC')", description: letters that first arrived at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: letters that first arrived before this time}
columns:
  reason: code of the reason
  source: record format that was named or recognised; empty when neither
  stream: where the records were read
  letters: {unit: letters}
  open: {unit: letters, description: not yet replayed}
  replayed: {unit: letters, description: made into events by a replay}
  refused_again: {unit: letters, description: open ones that a replay could not make into events either}
  not_replayable: {unit: letters, description: open ones that must be read again from their origin}
  first_seen: when the first of them arrived
  last_seen: when the last of them arrived
tags: [operations, dead-letters]
chart: {kind: bar, x: reason, y: open}
*/
WITH
    -- As text: a letter that the log does not know gets the empty text, and would get the first value of an enumeration.
    latest AS (
        SELECT content_hash, reason, source, account_id, toString(argMax(action, (at, action, run_id))) AS last_action
        FROM dead_letter_log
        GROUP BY content_hash, reason, source, account_id
    )
SELECT
    letter.reason AS reason,
    letter.source AS source,
    letter.stream AS stream,
    count() AS letters,
    countIf(latest.last_action != 'replayed') AS open,
    countIf(latest.last_action = 'replayed') AS replayed,
    countIf(latest.last_action = 'refused-again') AS refused_again,
    countIf(latest.last_action != 'replayed' AND NOT letter.replayable) AS not_replayable,
    min(letter.ingested_at) AS first_seen,
    max(letter.ingested_at) AS last_seen
FROM
(
    SELECT content_hash, reason, source, account_id, stream, replayable, ingested_at
    FROM dead_letters FINAL
    WHERE ingested_at >= {from:DateTime64(3, 'UTC')} AND ingested_at < {to:DateTime64(3, 'UTC')}
) AS letter
LEFT JOIN latest
    ON letter.content_hash = latest.content_hash AND letter.reason = latest.reason
    AND letter.source = latest.source AND letter.account_id = latest.account_id
GROUP BY reason, source, stream
ORDER BY reason, source, stream
