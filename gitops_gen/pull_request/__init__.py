"""The bot: the pull request that brings the output to what the model says. Planned as values first, then applied.

The middle, `plan`, is a pure function from what is wanted and what is there to a tuple of actions. All that reads and
writes stands around it: `state` asks git and the service, `applying` carries the actions out, and `run` does it all
again where another run, or a fault, came in between.
"""
