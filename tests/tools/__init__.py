"""Tools that tests use to see rendered files as the real programs see them."""
