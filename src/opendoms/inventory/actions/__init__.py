"""What can be done with stock: read what a decision needs, let the rules decide, write the changeset."""
