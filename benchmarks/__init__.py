"""How long gitops-gen takes, beside what nothing at all and bare Jinja2 take on the same machine."""
