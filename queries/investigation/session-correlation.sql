/*
title: Console sessions
question: From where did people probably do what they did in the console, when the record does not say?
description: >
  Every event of a person in the console whose record carries no address, oldest first, beside the logins of the same
  email to the same account in the max_age_hours before it (or at its very time). What stands in the columns named
  inferred_… is no record of the event: a session is guessed from the last login. "inferred_confidence" is "high" when
  all logins of that time came from one address and the last is at most recent_minutes old; "medium" when they came
  from one address and the last is older; "low" when they came from several addresses, or the person signed out since
  the last one; "none" when there is no login with an address, or the record names no email. An hour is how long a
  person is taken to stay where they signed in, a day how long a session may go on.
params:
  account_id: {type: String, default: "", description: only events of this account}
  principal_email: {type: String, default: "", description: only events of this person}
  max_age_hours: {type: UInt16, default: 24, description: how old a login may be and still count}
  recent_minutes: {type: UInt16, default: 60, description: how old a login may be for a high confidence}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time; logins before it count}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
columns:
  event_time: when it happened
  account_id: account of the event
  principal_name: who, as the source names them
  principal_email: their address
  action: operation as the source names it
  resource_type: kind of the resource
  resource_id: resource that it was done to
  resource_name: name of the resource
  description: what the source says about it
  outcome: success, failure or unknown
  event_id: id of the record; look it up with request-lookup
  source: record format that the event came in
  inferred_confidence: high, medium, low or none, by the rule above
  inferred_source_ip: address of the last login; empty where there is none
  inferred_network: named network that held that address at the login
  inferred_login_time: time of the last login
  inferred_login_age: {unit: seconds, description: from the last login to the event}
  inferred_login_event_id: id of the record of the last login
  inferred_source_ips: {unit: addresses, description: distinct addresses of the logins that count}
tags: [investigation, principal, session, source-ip, inference]
*/
WITH
    {max_age_hours:UInt16} * toInt64(3600000) AS max_age_ms,
    events AS (
        SELECT
            event_time, account_id, principal_name, principal_email, action, resource_type, resource_id, resource_name,
            description, outcome, event_id, source, source_ip, network, content_hash,
            toUnixTimestamp64Milli(event_time) AS at,
            lowerUTF8(principal_email) AS person,
            source_ip = toIPv6('::') AS is_sought,
            activity = 'authenticate' AND principal_email != ''
                AND match(action, '(?i)\\b(?:log(?:ged)?|sign(?:ed)?)[ -]?(?:out|off)\\b') AS is_sign_out,
            activity = 'authenticate' AND principal_email != '' AND auth_result = 'success'
                AND NOT is_sought AND NOT is_sign_out AS is_login
        FROM activity
        WHERE key_id = '' AND principal_kind = 'console-user'
            AND ({account_id:String} = '' OR account_id = {account_id:String})
            AND ({principal_email:String} = '' OR person = lowerUTF8({principal_email:String}))
            AND event_time >= {from:DateTime64(3, 'UTC')} - toIntervalHour({max_age_hours:UInt16})
            AND event_time < {to:DateTime64(3, 'UTC')}
    ),
    with_logins AS (
        SELECT
            *,
            countIf(is_login) OVER lately AS logins,
            argMaxIf((at, source_ip, network, event_id), (at, event_id, content_hash), is_login) OVER lately AS last_login,
            maxIf(at, is_sign_out) OVER lately AS last_sign_out,
            uniqExactIf(source_ip, is_login) OVER lately AS addresses
        FROM events
        -- Without an email there is no login to find. Apart, such events do not fill one window, which took twice as long.
        WINDOW lately AS (
            PARTITION BY account_id, person, if(person = '', content_hash, '') ORDER BY at
            RANGE BETWEEN max_age_ms PRECEDING AND CURRENT ROW
        )
    )
SELECT
    event_time, account_id, principal_name, principal_email, action, resource_type, resource_id, resource_name,
    description, outcome, event_id, source,
    multiIf(
        logins = 0, 'none',
        addresses > 1 OR last_sign_out >= last_login.1, 'low',
        at - last_login.1 <= {recent_minutes:UInt16} * 60000, 'high',
        'medium'
    ) AS inferred_confidence,
    last_login.2 AS inferred_source_ip,
    last_login.3 AS inferred_network,
    if(logins = 0, NULL, fromUnixTimestamp64Milli(last_login.1, 'UTC')) AS inferred_login_time,
    if(logins = 0, NULL, intDiv(at - last_login.1, 1000)) AS inferred_login_age,
    last_login.4 AS inferred_login_event_id,
    addresses AS inferred_source_ips
FROM with_logins
WHERE is_sought AND event_time >= {from:DateTime64(3, 'UTC')}
ORDER BY event_time, account_id, principal_email, source, event_id, content_hash
