-- Which documents of a kind are stored for a period.
SELECT document_id FROM report_documents WHERE kind = {kind:String} AND period = {period:String} GROUP BY document_id
