-- One document whole.
SELECT
    document_id, report_id, toString(schedule) AS schedule, toString(kind) AS kind, formats, is_addressed, recipients,
    messages, channels, document,
    toFloat64(toUnixTimestamp64Milli(stored_at)) AS stored_ms
FROM report_documents FINAL
WHERE document_id = {document:String}
