"""The resources that give policies to the roles of a module, by the role: a module may have thousands of both."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_tree import Reference
from gitops_gen.evidence.terraform_mentions import ROLE, targets
from gitops_gen.evidence.terraform_unknowns import GENERATED, is_open
from gitops_gen.evidence.trust import matches
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.hcl_tree import Expression
    from gitops_gen.evidence.terraform_resources import Part
    from gitops_gen.evidence.terraform_values import Scope


class Attached(NamedTuple):
    """An instance of a resource that is for an instance of a role."""

    part: Part
    scope: Scope
    """What the resource refers to in that instance."""
    is_sure: bool
    """True if it is for that one for certain."""


class Attachments:
    """The resources of one type, whose `attribute` names the role, or each of the roles, that they are for."""

    def __init__(self, parts: Iterable[Part], attribute: str, scope: Scope) -> None:
        self._scope = scope
        self._found = [(part, target) for part in parts for target in targets(part.block, attribute)]
        """The resources in their order, each with what names a role."""
        self._by_label: defaultdict[str, list[int]] = defaultdict(list)
        self._by_text: defaultdict[str, list[int]] = defaultdict(list)
        self._open: set[str] = set()
        """The names of which a part is not known."""
        self._has_unknown = False
        self._instances: dict[int, _Instances] = {}
        self.others: list[Expression] = []
        """What names a role in another way than by its resource."""
        for number, (_, target) in enumerate(self._found):
            match target:
                case Reference(steps=(kind, *rest)) if kind == ROLE:
                    self._by_label["".join(rest[:1])].append(number)
                case _:
                    self.others.append(target)
                    self._add(number, self._scope.value(target))

    def _add(self, number: int, name: object) -> None:
        if not isinstance(name, str):
            self._has_unknown = True
        elif is_open(name):
            self._open.add(name)
        else:
            self._by_text[name].append(number)

    def of(self, label: str, key: str, name: str) -> Iterator[Attached]:
        """Yields what is for an instance of a role.

        `label` is what Terraform calls the role, `key` which of its instances it is, and `name` its own name.
        """
        found = {number: self._for(number, key) for number in self._by_label.get(label, ())}
        for number in self._by_text.get(name, ()) if not _is_made(name) else ():
            found[number] = [(self._scope.of_any(), False)]
        for number in sorted(found):
            part, _ = self._found[number]
            for scope, is_sure in found[number]:
                yield Attached(part, scope, is_sure)

    def _for(self, number: int, key: str) -> Iterable[tuple[Scope, bool]]:
        if number not in self._instances:
            part, target = self._found[number]
            self._instances[number] = _instances(part, target, self._scope)
        return self._instances[number].of(key)

    def may_be_for(self, name: str) -> bool:
        """True where one cannot see whether the role of that name is meant by what names no resource."""
        if _is_made(name):
            return bool(self.others)
        return self._has_unknown or any(matches(each, name, is_pattern=False) is None for each in self._open)


class _Instances:
    """The instances of a resource, by the instance of a role that each is for."""

    def __init__(self, scopes: Iterable[tuple[str | None, Scope]]) -> None:
        self._all = tuple(scopes)
        """Each with the key of the role's instance: empty for a role that has no others, None where it is not known."""
        self._by_key: defaultdict[str | None, list[int]] = defaultdict(list)
        for number, (key, _) in enumerate(self._all):
            self._by_key[key].append(number)

    def of(self, key: str) -> Iterator[tuple[Scope, bool]]:
        """Yields the instances for one of a role, and whether they are so for certain."""
        likely = [number for each in {key, "", None} for number in self._by_key.get(each, ())]
        for number in sorted(likely) if key else range(len(self._all)):
            found, scope = self._all[number]
            yield scope, found == key


def _instances(part: Part, target: Expression, scope: Scope) -> _Instances:
    found = scope.instances(part.block)
    if found is None:
        return _Instances([(None, scope.of_any())])
    return _Instances((each.index_of(target), each) for each in found.values())


def _is_made(name: str) -> bool:
    """True for the name of a role that is not known as a whole: nobody can have written it."""
    return is_open(name) or GENERATED in name
