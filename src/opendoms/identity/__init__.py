"""Who is asking: tokens, keys, users, roles and the sign-in calls that existing SDKs make."""
