-- Whether the engine takes the expressions of app rules.
SELECT length(multiMatchAllIndices('', {expressions:Array(String)})) AS matches
