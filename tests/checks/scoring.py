"""All mutations of a generated fleet, and the score of verify over them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.checks.mutation import digit_mutations, hcl_mutations, yaml_mutations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.checks.mutation import Bench, Harmless, Mutation
    from tests.tools.generated import Generated


@dataclass
class Score:
    """What became of some mutations."""

    found: int = 0
    harmless: Counter[str] = field(default_factory=Counter)
    """Those that no rule can find, by the reason why they do no harm."""
    survivors: list[str] = field(default_factory=list)
    """Those that nothing finds, and nobody has called harmless."""
    elsewhere: list[str] = field(default_factory=list)
    """Those that are found, with a finding that names neither the changed file nor the other end of the link."""

    @property
    def is_full(self) -> bool:
        """True if each is found where it is, or harmless."""
        return not self.survivors and not self.elsewhere

    def __str__(self) -> str:
        harmless = sum(self.harmless.values())
        tried = self.found + harmless + len(self.survivors)
        lines = [f"{tried} tried, {self.found} found, {harmless} harmless, {len(self.survivors)} survive"]
        lines += [f"  {count:4} harmless: {reason}" for reason, count in self.harmless.most_common()]
        return "\n".join(lines)


def score(
    bench: Bench, mutations: Sequence[Mutation], harmless: Sequence[Harmless], *, first: int | None = None
) -> Score:
    """Tries mutations. Of the findings, the `first` ones must name the changed file; None: any of them."""
    result = Score()
    for mutation in mutations:
        problems = bench.problems(mutation)
        reason = next((each.reason for each in harmless if each.covers(mutation)), None)
        if problems:
            result.found += 1
            if not bench.points_at(mutation, problems[:first]):
                result.elsewhere.append(f"{mutation}: {problems[0].at}: {problems[0].code}")
        elif reason is not None:
            result.harmless[reason] += 1
        else:
            result.survivors.append(str(mutation))
    return result


def argo_cd_mutations(tree: Generated) -> list[Mutation]:
    """Returns the mutations of the files of Argo CD itself."""
    found: list[Mutation] = []
    for path in tree.paths(start="argocd/"):
        folder = "/".join(path.split("/")[:2])
        siblings = [tree.files[each] for each in tree.paths(start=f"{folder}/") if each != path]
        found += yaml_mutations(path, tree.files[path], () if folder.endswith("applicationsets") else siblings)
    return found


def release_mutations(tree: Generated) -> list[Mutation]:
    """Returns the mutations of the values and manifests of releases, and of variable files."""
    # Prose is read by people: verify has nothing to say of it.
    paths = [path for path in tree.paths(start="environments/") if not path.endswith(".md")]
    found: list[Mutation] = []
    for path in paths:
        enumerate_all = hcl_mutations if path.endswith(".tfvars") else yaml_mutations
        siblings = [tree.files[each] for each in paths if each != path and _kind(each) == _kind(path)]
        found += enumerate_all(path, tree.files[path], siblings)
        found += digit_mutations(path, tree.files[path])
    return found


def _kind(path: str) -> str:
    """Returns what files are made by one template for: those are siblings."""
    return "tfvars" if path.endswith(".tfvars") else path[path.index("/apps/") :]
