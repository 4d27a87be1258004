-- Findings that nobody has looked at yet, by severity; what is suppressed is not among them.
SELECT toString(severity) AS severity, toFloat64(count()) AS findings
FROM finding_states
WHERE state = 'open' AND suppression = ''
GROUP BY severity
ORDER BY severity
