/*
title: Access log
question: Who asked keytrail for what, from where, and with what outcome?
description: >
  What was asked of the daemon, exported from it and signed in to, latest first. Of no other question is it a part.
params:
  token: {type: String, default: "", description: only by the token of this name}
  action: {type: String, default: "", description: "only this: read, export, sql, sign-in"}
  from: {type: "DateTime64(3, 'UTC')"}
  to: {type: "DateTime64(3, 'UTC')"}
columns:
  event_time: when it was asked
  token: name of the token, or owner for the link of the terminal
  action: what was done
  target: what it was done to
  status_code: HTTP status of the answer
  source_ip: where the request came from
  detail: the query of the request, or the statement
  request_id: id of the request in the log of the daemon
tags: [operations, access]
*/
SELECT event_time, token, action, target, status_code, source_ip, detail, request_id
FROM access_log
WHERE event_time >= {from:DateTime64(3, 'UTC')} AND event_time < {to:DateTime64(3, 'UTC')}
    AND ({token:String} = '' OR token = {token:String})
    AND ({action:String} = '' OR action = {action:String})
ORDER BY event_time DESC, request_id, event_id
