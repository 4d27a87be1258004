-- Documents that are kept, the latest first.
SELECT
    left(document_id, 12) AS id,
    toString(kind) AS kind,
    period,
    account_id AS account,
    owner,
    toString(schedule) AS schedule,
    author,
    rows,
    sections_failed,
    stored_at,
    summary
FROM report_documents FINAL
WHERE ({kind:String} = '' OR kind = {kind:String})
    AND ({schedule:String} = '' OR schedule = {schedule:String})
    AND ({owner:String} = '' OR owner = {owner:String})
ORDER BY stored_at DESC, document_id
LIMIT {rows_max:UInt32}
