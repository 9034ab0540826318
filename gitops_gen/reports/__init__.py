"""Views of problems and changes: one module a form."""
