-- Changes when a document was stored, or something became of one; asked in each step, and so of counts alone.
SELECT
    toString((SELECT count() FROM report_documents)) || ' ' || toString((SELECT count() FROM report_deliveries)) AS seen
