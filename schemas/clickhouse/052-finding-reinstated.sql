-- finding_actions: what was withdrawn and holds again by newer knowledge is reinstated.
ALTER TABLE finding_actions MODIFY COLUMN action
    Enum8('acknowledge' = 1, 'close-true-positive' = 2, 'close-false-positive' = 3, 'withdraw' = 4, 'reinstate' = 5)
