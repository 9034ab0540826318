"""All mutations of a generated fleet, and the score of verify over them."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import zip_longest
from random import Random
from typing import TYPE_CHECKING

from tests.checks.mutation import Kind, digit_mutations, hcl_mutations, yaml_mutations
from tests.checks.right_rules import right_rules
from tests.checks.structure import hcl_structure, yaml_structure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitops_gen.problems import Problem
    from tests.checks.mutation import Bench, Harmless, Mutation
    from tests.tools.generated import Generated

_SEED = 1


@dataclass
class Score:
    """What became of some mutations."""

    tried: Counter[Kind] = field(default_factory=Counter)
    found: Counter[Kind] = field(default_factory=Counter)
    harmless: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    """Those that no rule can find, by the reason why they do no harm."""
    gaps: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    """Those that a rule should find, by what verify does not know."""
    survivors: list[str] = field(default_factory=list)
    """Those that nothing finds, and nobody has called harmless."""
    elsewhere: list[str] = field(default_factory=list)
    """Those whose first finding names neither the changed file nor the other end of the link."""
    wrong: list[str] = field(default_factory=list)
    """Those whose first finding is of a rule that does not fit."""
    untrue: list[str] = field(default_factory=list)
    """Those that are called harmless, and are found."""

    @property
    def failures(self) -> list[str]:
        """What must not be, in lines."""
        named = {"survives": self.survivors, "elsewhere": self.elsewhere, "wrong rule": self.wrong}
        return [f"{name}: {each}" for name, found in {**named, "untrue": self.untrue}.items() for each in found]

    def __str__(self) -> str:
        lines = [self._of(kind) for kind in Kind if self.tried[kind]]
        for what, counts in (("harmless", self.harmless), ("a gap", self.gaps)):
            lines += [f"  {count:4} {what}: {kind}: {reason}" for (kind, reason), count in counts.most_common()]
        return "\n".join(lines)

    def _of(self, kind: Kind) -> str:
        harmless, gaps = _count(self.harmless, kind), _count(self.gaps, kind)
        survive = self.tried[kind] - self.found[kind] - harmless - gaps
        counts = f"{self.tried[kind]} tried, {self.found[kind]} found, {harmless} harmless, {gaps} in gaps"
        return f"{kind}: {counts}, {survive} survive"


def score(bench: Bench, mutations: Sequence[Mutation], harmless: Sequence[Harmless]) -> Score:
    """Tries mutations. The first finding must name the changed file, or the other end, and be of a rule that fits."""
    result = Score()
    for mutation in mutations:
        result.tried[mutation.kind] += 1
        problems = bench.problems(mutation)
        known = next((each for each in harmless if each.covers(mutation)), None)
        if problems:
            result.found[mutation.kind] += 1
            _place(result, bench, mutation, problems[0])
            # A value that is called harmless becomes several others, some of which are no value at all.
            if known is not None and mutation.kind is not Kind.VALUE:
                result.untrue.append(f"{mutation}: {problems[0].code}: {known.reason}")
        elif known is not None:
            (result.gaps if known.is_gap else result.harmless)[mutation.kind, known.reason] += 1
        else:
            result.survivors.append(str(mutation))
    return result


def _place(result: Score, bench: Bench, mutation: Mutation, problem: Problem) -> None:
    told = f"{mutation}: {problem.at}: {problem.code}"
    if not bench.points_at(mutation, (problem,)):
        result.elsewhere.append(told)
    if problem.code not in right_rules(mutation):
        result.wrong.append(told)


def _count(counts: Counter[tuple[Kind, str]], kind: Kind) -> int:
    return sum(count for (each, _), count in counts.items() if each is kind)


def sample(mutations: Sequence[Mutation], size: int) -> Sequence[Mutation]:
    """Returns some of the mutations, always the same, in turns of each kind in each kind of file."""
    groups: defaultdict[tuple[Kind, str], list[Mutation]] = defaultdict(list)
    for mutation in mutations:
        groups[mutation.kind, mutation.path.rpartition("/")[2]].append(mutation)
    shuffled = [Random(_SEED).sample(group, len(group)) for group in groups.values()]  # noqa: S311
    turns = zip_longest(*shuffled)
    return [each for turn in turns for each in turn if each is not None][:size]


def structure_mutations(tree: Generated) -> list[Mutation]:
    """Returns what may be taken away from all generated files, misspelt or made of another type."""
    # Prose is read by people: verify has nothing to say of it.
    found: list[Mutation] = []
    for path in (each for each in tree.paths() if not each.endswith(".md")):
        found += (hcl_structure if path.endswith(".tfvars") else yaml_structure)(path, tree.files[path])
    return found


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
