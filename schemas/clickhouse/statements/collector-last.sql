-- Where the collector of an account stands: the last row of each of its resources.
SELECT
    resource,
    toFloat64(max(number)) AS number,
    toString(argMax(kind, collector_log.number)) AS kind,
    argMax(state, collector_log.number) AS state
FROM collector_log
WHERE collector = {collector:String} AND account_id = {account_id:String}
GROUP BY resource
ORDER BY resource
