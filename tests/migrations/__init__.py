"""The schema: migrations, the readable schema files and the declarations of tables say the same."""
