-- Which of these documents are stored.
SELECT document_id FROM report_documents WHERE document_id IN {documents:Array(String)} GROUP BY document_id
