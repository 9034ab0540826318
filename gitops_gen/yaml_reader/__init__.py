"""The YAML reader behind `source`: events to values, strictly, and to places when one is asked for."""
