"""Order records: sales that were finished elsewhere, kept until the law asks for their end."""
