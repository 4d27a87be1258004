-- Changes when somebody found, judged or decided something; asked in each cycle, and so of counts alone.
SELECT
    toString((SELECT count() FROM findings)) || ' ' || toString((SELECT count() FROM finding_evidence)) || ' '
    || toString((SELECT count() FROM finding_actions)) || ' ' || toString((SELECT count() FROM deliveries)) AS seen
