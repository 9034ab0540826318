"""The stock templates made ready to run: compiled and checked when the package was made, not whenever it is used.

`stock` is made from the templates by `making`, as Python source. `runtime` is what the code in it runs against.
"""
