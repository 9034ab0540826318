"""The commands: what click is told of each, and what each does."""
