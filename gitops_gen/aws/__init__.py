"""AWS as names and ARNs see it, and what AWS accepts as each.

Every check returns the reason why a text is refused, got before expected, or None.
Source, where a function names no other: the service models and endpoint tables of botocore 1.43.11.
"""
