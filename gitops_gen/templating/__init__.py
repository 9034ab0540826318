"""From a template and what it sees to the text of a file.

`templates` is the way in: the templates of a project. A stock one that nobody edited is a Python function in `stock`,
which runs against `runtime`; any other goes through `jinja_templates`, and so through Jinja in a `sandbox`.
"""
