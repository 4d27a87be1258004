-- One name in every account that has or had it: what is known of it now, and what it was used for.
WITH used AS (
    SELECT
        key_account_id,
        count() AS requests,
        min(event_time) AS first_used,
        maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_used,
        uniqExactIf(source_ip, source_ip != toIPv6('::')) AS source_ips,
        countIf(verdict NOT IN ('consistent', 'not-evaluable')) AS contradictions
    FROM activity
    WHERE key_id = {key_id:String}
    GROUP BY key_account_id
)
SELECT
    known.account_id AS account_id,
    known.key_id AS key_id,
    ifNull(toString(known.state), 'unknown') AS state,
    ifNull(known.owner, '') AS owner,
    ifNull(known.app, '') AS app,
    ifNull(known.purpose, '') AS purpose,
    known.created_at AS created_at,
    ifNull(known.created_by, '') AS created_by,
    ifNull(toString(known.allow_list_state), 'unknown') AS allow_list_state,
    known.allow_list AS allow_list,
    ifNull(known.fingerprint, '') AS fingerprint,
    known.valid_from AS valid_from,
    known.recorded_at AS recorded_at,
    known.origin AS origin,
    used.requests AS requests,
    if(used.requests > 0, used.first_used, NULL) AS first_used,
    used.last_used AS last_used,
    used.source_ips AS source_ips,
    used.contradictions AS contradictions
FROM registry_key_versions AS known
LEFT JOIN used ON used.key_account_id = known.account_id
WHERE known.key_id = {key_id:String} AND ({account_id:String} = '' OR known.account_id = {account_id:String})
    AND known.valid_from <= {now:DateTime64(3, 'UTC')} AND (known.valid_to IS NULL OR known.valid_to > {now:DateTime64(3, 'UTC')})
ORDER BY account_id
