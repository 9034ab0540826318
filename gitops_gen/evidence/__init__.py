"""What rendered files say, without the model that made them: documents, Applications, and what joins them."""

FLEET_FILE = "environments/fleet.yaml"
"""Tells a project of this tool, and which repository its output folder belongs to; nothing else of a model is asked."""
