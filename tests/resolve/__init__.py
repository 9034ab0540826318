"""The modules under gitops_gen/resolve."""
