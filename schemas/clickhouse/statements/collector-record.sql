-- Writes down where a collector stands, after what it claims is durable.
INSERT INTO collector_log
    (collector, account_id, resource, number, recorded_at, kind, position_time, requests, rows_new, rows_late, gaps,
     minute_requests, minute_requests_max, failure, detail, state)
SELECT
    {collector:String}, {account_id:String}, {resource:String}, {number:UInt64}, {recorded_at:DateTime64(3, 'UTC')},
    {kind:String}, {position_time:Nullable(DateTime64(3, 'UTC'))}, {requests:UInt32}, {rows_new:UInt64}, {rows_late:UInt64},
    {gaps:UInt32}, {minute_requests:UInt32}, {minute_requests_max:UInt32}, {failure:String}, {detail:String}, {state:String}
