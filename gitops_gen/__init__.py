"""gitops_gen generates, from one typed model, every file that a fleet of EKS clusters needs, and nothing by hand.

From Python, use `gitops_gen.api`. Nothing is imported here: the command line starts with this module.
"""

__version__ = "0.1.0"
