"""What two places have in common: a text in which the facts of a place are replaced by what they are."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.diff.values import Element, Redacted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.diff.atlas import Atlas
    from gitops_gen.diff.values import Place, Step, Value


class Likeness:
    """Replaces clusters, environments, regions and accounts by what they are.

    The short name of a cluster is what the names of its Applications end in.
    """

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._short_names: dict[str, set[str]] = {}
        for each in atlas.applications:
            short = each.name.removeprefix(f"{each.app}-")
            if each.cluster.endswith(f"-{short}"):
                self._short_names.setdefault(each.cluster, set()).add(short)
        self._facts = lru_cache(maxsize=None)(self._facts_of)

    def text(self, text: str, place: Place) -> str:
        """Returns a text as it would be for any place: `arn:aws:iam::<account>:role/<cluster>-myapp-eso`."""
        pattern, facts = self._facts(place.cluster, place.environment)
        return pattern.sub(lambda found: facts[found[0]], text) if facts else text

    def value(self, value: Value, place: Place) -> Value:
        """As `text`, for every text and key of a value; of what stands for a secret, which one does not matter."""
        if isinstance(value, str):
            return self.text(value, place)
        if isinstance(value, dict):
            return {self.text(key, place): self.value(inner, place) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.value(inner, place) for inner in value]
        return Redacted(value.reason) if isinstance(value, Redacted) else value

    def steps(self, steps: tuple[Step, ...], place: Place) -> tuple[Step, ...]:
        """As `text`, for the steps to a value."""
        return tuple(self._step(step, place) for step in steps)

    def _step(self, step: Step, place: Place) -> Step:
        if isinstance(step, Element):
            identity = step.identity
            return Element(
                tuple((name, self.text(value, place) if isinstance(value, str) else value) for name, value in identity)
            )
        return self.text(step, place) if isinstance(step, str) else step

    def _facts_of(self, cluster: str, environment: str) -> tuple[re.Pattern[str], Mapping[str, str]]:
        known = self._atlas.clusters.get(cluster)
        facts = {
            **dict.fromkeys([environment], "<environment>"),
            **(dict.fromkeys([known.region], "<region>") if known else {}),
            **(dict.fromkeys([known.account], "<account>") if known else {}),
            **dict.fromkeys(self._short_names.get(cluster, ()), "<short name>"),
            cluster: "<cluster>",
        }
        facts.pop("", None)
        # The longest first: the name of a cluster often has that of its environment in it.
        names = "|".join(re.escape(each) for each in sorted(facts, key=len, reverse=True))
        return re.compile(rf"(?<![A-Za-z0-9])(?:{names})(?![A-Za-z0-9])"), facts
