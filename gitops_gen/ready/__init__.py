"""The programs of `make ready`, which no run needs: what could be worked out at each start is written as modules here.

`making_templates` writes `templating.stock` from the stock templates, `making_shapes` writes `entry_shapes` from the
entries.
"""
