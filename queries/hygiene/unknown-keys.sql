/*
title: Unknown keys
question: Which key names appear in records and in no version of the registry, from where, and were they let in?
description: >
  One row per name that no account's registry has or ever had. Such a name is a key that nobody entered, or a try with a
  name that does not exist: "allowed" tells them apart, for what was let in exists. Whom it may belong to is a guess
  from the person that the records name beside the key, and stands in columns of its own: a record may name whoever
  called, not who owns the key. owner_guess_confidence is the share of the requests that name this person.
params:
  account_id: {type: String, default: "", description: only requests to this account}
  from: {type: "DateTime64(3, 'UTC')", description: events at or after this time}
  to: {type: "DateTime64(3, 'UTC')", description: events before this time}
  now: {type: "DateTime64(3, 'UTC')", description: the moment of asking}
columns:
  key_id: what the source records to name the key
  accounts: accounts of the requests
  requests: {unit: requests}
  allowed: {unit: requests, description: requests that were authenticated}
  refused: {unit: requests, description: requests that were turned away}
  source_ips: {unit: addresses, description: distinct addresses}
  first_seen: time of the first request
  last_seen: time of the last request up to the moment of asking
  owner_guess: "a guess: whom most of the requests name, by e-mail address or else by name, in lower case"
  owner_guess_from: "what the guess is made from: principal_email or principal_name"
  owner_guess_confidence: {unit: share, description: part of the requests that name this person}
  owner_guess_is_registered: whether the registry knows a user of that name in some account now
tags: [hygiene, key, registry]
chart: {kind: bar, x: key_id, y: requests}
*/
WITH
    named AS (
        SELECT
            key_id,
            -- In the registry persons are written in lower case.
            lowerUTF8(if(principal_email != '', principal_email, principal_name)) AS person,
            multiIf(
                principal_email != '', 'principal_email', principal_name != '', 'principal_name', ''
            ) AS person_from,
            groupUniqArray(account_id) AS of_accounts,
            count() AS of_person,
            countIf(auth_result = 'success') AS allowed_of_person,
            countIf(auth_result = 'failure') AS refused_of_person,
            groupUniqArrayIf(source_ip, source_ip != toIPv6('::')) AS from_ips,
            min(event_time) AS first_of_person,
            maxOrNullIf(event_time, event_time <= {now:DateTime64(3, 'UTC')}) AS last_of_person
        FROM activity
        WHERE key_id != '' AND key_id NOT IN (SELECT key_id FROM registry_key_versions)
            AND ({account_id:String} = '' OR account_id = {account_id:String})
            AND event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
        GROUP BY key_id, person, person_from
    ),
    users AS (
        SELECT email FROM registry_user_versions
        WHERE valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
    ),
    argMaxIf(
        (person, person_from, of_person),
        (of_person, person_from = 'principal_email', person),
        person != ''
    ) AS guess
SELECT
    key_id,
    arraySort(groupUniqArrayArray(of_accounts)) AS accounts,
    sum(of_person) AS requests,
    sum(allowed_of_person) AS allowed,
    sum(refused_of_person) AS refused,
    length(groupUniqArrayArray(from_ips)) AS source_ips,
    min(first_of_person) AS first_seen,
    max(last_of_person) AS last_seen,
    guess.1 AS owner_guess,
    guess.2 AS owner_guess_from,
    guess.3 / requests AS owner_guess_confidence,
    CAST(owner_guess IN (SELECT email FROM users) AS Bool) AS owner_guess_is_registered
FROM named
GROUP BY key_id
ORDER BY requests DESC, key_id
