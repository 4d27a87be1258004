-- A page of the documents that are kept, the latest first.
SELECT
    document_id AS id, report_id AS report, toString(kind) AS kind, title, period, period_from, period_to,
    toString(zone) AS zone, is_provisional AS provisional, account_id AS account, owner, toString(schedule) AS schedule,
    author, rows, sections_failed, formats, stored_at, summary
FROM report_documents FINAL
WHERE ({kind:String} = '' OR kind = {kind:String})
    AND ({schedule:String} = '' OR schedule = {schedule:String})
    AND ({account_id:String} = '' OR account_id = {account_id:String})
    AND ({owner:String} = '' OR owner = {owner:String})
    AND ({is_continued:UInt8} = 0
        OR (stored_at, document_id) < ({cursor_time:DateTime64(3, 'UTC')}, {cursor_id:String}))
ORDER BY stored_at DESC, document_id DESC
LIMIT {limit:UInt32}
