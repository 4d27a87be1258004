-- finding_states: each finding with what became of it.
--
-- The last action tells the state, unless an event was stored after it that shows the finding again: then it is open, and
-- so is one that was withdrawn and reinstated.
CREATE OR REPLACE VIEW finding_states AS
WITH
    acted AS (
        SELECT fingerprint, argMax((at, action, author, note), (at, action)) AS said
        FROM finding_actions
        GROUP BY fingerprint
    ),
    shown AS (
        SELECT
            fingerprint,
            max(stored_until) AS stored_until,
            min(first_seen) AS first_seen,
            max(last_seen) AS last_seen,
            sum(events) AS events
        FROM finding_evidence FINAL
        GROUP BY fingerprint
    )
SELECT
    found.fingerprint AS fingerprint,
    found.rule AS rule,
    found.rule_version AS rule_version,
    found.severity AS severity,
    found.raises AS raises,
    found.backfill AS backfill,
    found.suppression AS suppression,
    multiIf(
        acted.said.1 = toDateTime64(0, 3, 'UTC'), 'open',
        acted.said.2 = 'acknowledge', 'acknowledged',
        acted.said.2 = 'reinstate', 'open',
        shown.stored_until > acted.said.1, 'open',
        acted.said.2 = 'close-true-positive', 'true-positive',
        acted.said.2 = 'close-false-positive', 'false-positive',
        'withdrawn'
    ) AS state,
    acted.said.1 AS acted_at,
    acted.said.3 AS author,
    acted.said.4 AS note,
    found.entity AS entity,
    found.account_id AS account_id,
    found.key_id AS key_id,
    found.source_ip AS source_ip,
    found.anchor_at AS anchor_at,
    if(shown.events = 0, found.first_seen, least(found.first_seen, shown.first_seen)) AS first_seen,
    greatest(found.last_seen, shown.last_seen) AS last_seen,
    greatest(found.stored_until, shown.stored_until) AS stored_until,
    found.events + shown.events AS events,
    found.event_ids AS event_ids,
    found.summary AS summary,
    found.facts AS facts,
    found.parameters AS parameters,
    found.found_at AS found_at
FROM findings AS found FINAL
LEFT JOIN acted ON acted.fingerprint = found.fingerprint
LEFT JOIN shown ON shown.fingerprint = found.fingerprint
