-- Every app that a key is assigned to now, or that a rule gives.
SELECT
    app,
    sum(keys) AS keys,
    arraySort(arrayDistinct(arrayFlatten(groupArray(owners)))) AS owners,
    arrayFlatten(groupArray(rules)) AS rules
FROM
(
    SELECT ifNull(app, '') AS app, count() AS keys, groupUniqArrayIf(ifNull(owner, ''), ifNull(owner, '') != '') AS owners, emptyArrayString() AS rules
    FROM registry_key_versions
    WHERE valid_from <= {now:DateTime64(3, 'UTC')} AND (valid_to IS NULL OR valid_to > {now:DateTime64(3, 'UTC')})
        AND ifNull(app, '') != '' AND state NOT IN ('deleted', 'revoked')
    GROUP BY app
    UNION ALL
    SELECT rule.1 AS app, 0 AS keys, emptyArrayString() AS owners, groupArray(rule.2) AS rules
    FROM (SELECT arrayJoin(arrayZip(rule_apps, rule_names)) AS rule FROM registry_now)
    GROUP BY app
)
GROUP BY app
ORDER BY app
