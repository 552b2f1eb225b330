"""Users, roles, scopes, API keys and tokens."""
