"""One entry of templates/artifacts.yaml, as it is written."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from gitops_gen.entries import Entry

Dimension: TypeAlias = Literal["environment", "region", "account", "cluster", "app"]
ForEach: TypeAlias = Literal["none", "environment", "region", "account", "cluster", "app"]
"""One dimension, or none."""


class ArtifactEntry(Entry):
    """One kind of generated file."""

    name: str = Field(pattern="^[a-z][a-z0-9-]*$")
    """What the kind is called. An entry of the user's own with a stock name replaces the stock entry."""
    for_each: ForEach | list[Dimension] = Field(default_factory=list)
    """One file for each of these; none, or nothing, means one for the fleet. With app: there where it is deployed."""
    template: str = Field(min_length=1)
    """The template, relative to templates/."""
    path: str = Field(min_length=1)
    """Where the file stands under output/; <%= %> is filled in."""
    format: str
    """How values are encoded, how the result is read back, how a comment is written."""
    when: Annotated[str, Field(min_length=1)] | bool | None = None
    """An expression; where it is false, there is no file."""
