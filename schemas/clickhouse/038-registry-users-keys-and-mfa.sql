-- What the source itself says of a user beside name and role: whether any API key is theirs, and whether they sign in with a second
-- factor. NULL is silence, as everywhere in the registry.
ALTER TABLE registry_users
    ADD COLUMN IF NOT EXISTS has_api_key Nullable(Bool),
    ADD COLUMN IF NOT EXISTS mfa Nullable(Bool)
