-- The documents whose id, or whose report's id, begins so: the latest first.
SELECT document_id, report_id
FROM report_documents FINAL
WHERE startsWith(document_id, {prefix:String}) OR startsWith(report_id, {prefix:String})
ORDER BY stored_at DESC, document_id
LIMIT 50
