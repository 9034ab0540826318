"""Writes the parts of the documentation that are made from the code, and checks every link.

    python -m docs.make

A part stands in a page between `<!-- made: NAME -->` and `<!-- end -->`. What a key or a property means is said
once, in the code beside it; the tables here repeat it. Exit code 1 if a link leads nowhere.
"""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import sys
import typing
from pathlib import Path

import click

from benchmarks import report
from benchmarks.results import read_report
from docs import tour
from gitops_gen import artifacts, entries, model, problems
from gitops_gen.artifact_entries import ArtifactEntry
from gitops_gen.aws.regions import Partition
from gitops_gen.checks import CHECKS
from gitops_gen.commands.main import main as command_line
from gitops_gen.data_classes import fields_of, is_frozen
from gitops_gen.entry_docs import field_docs
from gitops_gen.targets import Targets
from gitops_gen.templating import bounds, budget, sandbox
from gitops_gen.templating.encoders import ENCODERS
from gitops_gen.templating.sandbox import KEPT_METHODS, Sandbox

if typing.TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    from pydantic.fields import FieldInfo

PROJECT = Path(__file__).resolve().parents[1]
MADE = re.compile(r"(?P<start><!-- made: (?P<name>[^>]+) -->\n)(?:.*?\n)??(?P<end><!-- end -->)", re.DOTALL)

Entry = type[entries.Entry]

PLACES: dict[Entry, str] = {
    entries.FleetEntry: "fleet",
    entries.EnvironmentEntry: "environment",
    entries.ClusterEntry: "cluster",
}
APPS: dict[Entry, str] = {
    entries.AppEntry: "app",
    entries.AppLevelEntry: "in an environment, on a cluster",
}
PLACE_SECRETS: dict[Entry, str] = {
    entries.PlaceSecretsEntry: "fleet, cluster",
    entries.EnvironmentSecretsEntry: "environment",
}
BLOCKS: dict[str, Entry] = {
    "gitops_repo": entries.GitopsRepoEntry,
    "argocd": entries.ArgoCdEntry,
    "external_secrets": entries.ExternalSecretsEntry,
    "sync": entries.SyncEntry,
    "source": entries.SourceEntry,
    "secret": entries.SecretEntry,
    "secret key": entries.SecretKeyEntry,
    "cluster resource": entries.ClusterResourceEntry,
    "artifact": ArtifactEntry,
}
TYPES: dict[str, str] = {
    "AccountId": "12 digits, quoted",
    "OidcId": "32 capital letters and digits",
    "Label": "name: up to 63 of `a-z0-9-`",
    "ObjectName": "name: up to 253 of `a-z0-9-.`",
    "ClusterName": "name: up to 100 of `a-z0-9-`",
    "ReleaseName": "name: up to 53 of `a-z0-9-.`",
    "RoleName": "name of an IAM role",
    "RoleArn": "ARN of an IAM role",
    "KmsKeyArn": "ARN of a KMS key",
    "SecretPath": "path: `A-Za-z0-9/_+=.@-`",
    "SecretPrefix": "path: `A-Za-z0-9/_+=.@-`",
    "Owner": "login, or `team:NAME`",
    "Duration": "Go duration, as `1h30m`",
    "EsoVersion": "version, as `2.9.0`",
    "ArgoCdVersion": "version, as `3.5.1`",
    "ServerUrl": "https URL",
    "CaData": "base64",
    "RepositoryUrl": "URL without a credential",
    "GitUrl": "https or ssh URL without a credential",
    "RepositoryPath": "relative path",
    "ValuesFile": "relative path",
    "DottedKey": "keys joined by dots",
    "SyncOption": "`Name=value`",
    "ApiGroup": "group without a version",
    "Kind": "kind, as `ClusterRole`",
}
BLOCK_LINKS: dict[Entry, str] = {
    entries.GitopsRepoEntry: "gitops_repo",
    entries.ArgoCdEntry: "argocd",
    entries.ExternalSecretsEntry: "external_secrets",
    entries.SyncEntry: "sync",
    entries.PlaceSecretsEntry: "secrets-of-a-place",
    entries.EnvironmentSecretsEntry: "secrets-of-a-place",
    entries.SourceEntry: "source",
    entries.SecretEntry: "secrets-of-an-app",
    entries.SecretKeyEntry: "secrets-of-an-app",
    entries.ClusterResourceEntry: "cluster_resources",
    entries.ClusterEntry: "place-facts",
    entries.AppLevelEntry: "app-facts",
}
MODEL_CLASSES: tuple[type, ...] = (
    model.Fleet,
    model.GitopsRepo,
    model.ArgoCd,
    model.Environment,
    model.Region,
    Partition,
    model.Account,
    model.Cluster,
    model.Sync,
    model.App,
    model.ClusterResource,
    model.Step,
    model.Release,
    model.Source,
    model.Secrets,
    model.ExternalSecret,
    model.SecretData,
    model.Releases,
    model.SecretSource,
    model.SecretTarget,
    model.Destination,
    problems.Route,
)
TARGETS: tuple[tuple[str, ...], ...] = (
    (),
    ("environment",),
    ("region",),
    ("account",),
    ("cluster",),
    ("app",),
    ("app", "environment"),
    ("app", "region"),
    ("app", "account"),
    ("app", "cluster"),
)
_DEFAULT = re.compile(r"(?:^|\s+)The default is (?P<default>[^.]+(?:\.[^.\s]+)*)\.(?=\s|$)")


def main() -> int:
    """Writes what is made, says which pages changed, and which links lead nowhere."""
    for page in pages():
        text = page.read_text(encoding="utf-8")
        made = made_text(text)
        if made != text:
            page.write_text(made, encoding="utf-8", newline="\n")
            print(f"wrote {page.relative_to(PROJECT)}")
    broken = [problem for page in pages() for problem in broken_links(page)]
    print("\n".join(broken) or f"{len(pages())} pages: every link leads somewhere")
    return 1 if broken else 0


def pages() -> list[Path]:
    """Returns every page of the documentation."""
    return [*sorted(PROJECT.glob("*.md")), *sorted((PROJECT / "docs").rglob("*.md"))]


def made_text(text: str) -> str:
    """Returns the text of a page with every made part, and what its commands print, as the code says it now."""
    text = tour.toured(text) if tour.commands(text) else text
    return MADE.sub(lambda found: f"{found['start']}{PARTS[found['name']]()}\n{found['end']}", text)


def broken_links(page: Path) -> Iterator[str]:
    """Yields the relative links of a page that lead nowhere."""
    text = _without_code(page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (page.parent / path) if path else page
        if not goal.exists():
            yield f"{page.relative_to(PROJECT)}: {target}: there is no such file"
        elif anchor and anchor not in anchors(goal.read_text(encoding="utf-8")):
            yield f"{page.relative_to(PROJECT)}: {target}: there is no such heading"


def anchors(text: str) -> set[str]:
    """Returns the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _without_code(text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


# The model language.


def levels_table(levels: dict[Entry, str]) -> str:
    """Returns the keys of a chain of levels, each with the levels that may state it."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for entry, level in levels.items():
        for name in entry.model_fields:
            rows.setdefault((*_key(entry, name), _meaning(entry, name)), []).append(level)
    return _table(
        ("key", "type", "default", "stated for", "what it says"),
        ((key, kind, default, _levels(found), meaning) for (key, kind, default, meaning), found in rows.items()),
    )


def _levels(found: Iterable[str]) -> str:
    """Returns levels as they are written in a table, those of places from the farthest to the nearest."""
    places = [*PLACES.values()]
    stated = ", ".join(found).split(", ")
    return ", ".join(sorted(stated, key=lambda level: places.index(level) if level in places else 0))


def block_table(entry: Entry) -> str:
    """Returns the keys of one block."""
    return _table(
        ("key", "type", "default", "what it says"),
        ((*_key(entry, name), _meaning(entry, name)) for name in entry.model_fields),
    )


def _key(entry: Entry, name: str) -> tuple[str, str, str]:
    hint = typing.get_type_hints(entry, include_extras=True)[name]
    return f"`{name}`", _type(hint) + _bounds(entry.model_fields[name]), _default(entry, name)


def _type(hint: object) -> str:
    alias = next((name for name in TYPES if getattr(entries, name) == hint), None)
    if alias is not None:
        return TYPES[alias]
    if typing.get_origin(hint) is typing.Annotated:
        return _type(typing.get_args(hint)[0])
    members = [each for each in typing.get_args(hint) if each is not type(None)]
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return ", ".join(f"`{each}`" for each in members)
    if origin is list:
        return f"list of {_type(members[0])}"
    if origin is dict:
        return f"map to {_type(members[1])}"
    if len(members) > 1 and typing.get_args(members[1])[:1] == (members[0],):
        return f"{_type(members[0])}; or a list"
    if members:
        return " or ".join(_type(each) for each in members)
    if isinstance(hint, type) and issubclass(hint, entries.Entry):
        return f"[block](#{BLOCK_LINKS[hint]})"
    return {str: "text", bool: "true or false", int: "whole number", object: "anything"}[typing.cast("type", hint)]


def _bounds(field: FieldInfo) -> str:
    low = next((each.ge for each in field.metadata if hasattr(each, "ge")), None)
    high = next((each.le for each in field.metadata if hasattr(each, "le")), None)
    return "" if low is None or high is None else f", {low} to {high}"


def _default(entry: Entry, name: str) -> str:
    field = entry.model_fields[name]
    if field.is_required():
        return "**required**"
    stated = _DEFAULT.search(_description(entry, name))
    if stated is not None:
        return _code_spans(stated["default"])
    value = field.get_default(call_default_factory=True)
    if value is None or value in ({}, []):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`" if value != "" else "empty"


def _meaning(entry: Entry, name: str) -> str:
    return _code_spans(_DEFAULT.sub("", _description(entry, name)).strip())


def _description(entry: Entry, name: str) -> str:
    own = entry.model_fields[name].description or field_docs(entry).get(name)
    if own is None:
        properties = typing.cast("dict[str, dict[str, object]]", entry.model_json_schema()["properties"])
        inner = properties[name]
        members = typing.cast("list[dict[str, object]]", inner.get("anyOf", [inner]))
        own = next((str(each["description"]) for each in members if "description" in each), "")
    return " ".join((own or _block_doc(entry, name)).split())


def _block_doc(entry: Entry, name: str) -> str:
    """Returns what a key's block is, for a key that has nothing to say of its own."""
    hint = typing.get_type_hints(entry)[name]
    block = next((each for each in _within(hint) if isinstance(each, type) and issubclass(each, entries.Entry)), None)
    return inspect.getdoc(block) or "" if block else ""


def _within(hint: object) -> Iterator[object]:
    yield hint
    for each in typing.get_args(hint):
        yield from _within(each)


def _code_spans(text: str) -> str:
    """Marks placeholders and keys, which Markdown would read as HTML."""
    return re.sub(
        r"(?<![`\w])((?:<[a-z ]+>[-/]?(?:eso)?)+|<%=[^%]*%>|\{[a-z]*\}|[a-z]+(?:_[a-z]+)+(?:\.[a-z]+)?)", r"`\1`", text
    )


# What a template sees.


def names_table() -> str:
    """Returns which names are defined for each kind of target."""
    from gitops_gen.load import load

    fleet = load(PROJECT)
    seen = {target: next(iter(Targets(fleet).of(frozenset(target)))).context(fleet) for target in TARGETS}
    names = sorted({name for context in seen.values() for name in context}, key=list(seen["app", "cluster"]).index)
    return _table(
        ("`for_each`", *(f"`{name}`" for name in names)),
        ((_for_each(target), *("x" if name in seen[target] else "" for name in names)) for target in TARGETS),
    )


def _for_each(target: tuple[str, ...]) -> str:
    if not target:
        return "(nothing)"
    return f"`{target[0]}`" if len(target) == 1 else f"`[{', '.join(target)}]`"


def properties() -> str:
    """Returns every class of the model with all that a template may read of it."""
    return "\n\n".join(
        f"### {kind.__name__}\n\n{_first_paragraph(kind)}\n\n"
        + _table(("name", "type", "what it is"), ((f"`{name}`", *row) for name, row in readable(kind).items()))
        for kind in MODEL_CLASSES
    )


def readable(kind: type) -> dict[str, tuple[str, str]]:
    """Returns the public fields, properties and methods of a class, each with its type and what it is."""
    rows: dict[str, tuple[str, str]] = {}
    docs = _docs_below(kind)
    if is_frozen(kind):
        types = kind.__annotations__
        rows |= {name: (_word(str(types[name])), docs.get(name, "")) for name in fields_of(kind)}
    for name, value in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(value, property):
            rows[name] = _callable_row(typing.cast("Callable[..., object]", value.fget))
        elif inspect.isfunction(value):
            arguments = ", ".join(list(inspect.signature(value).parameters)[1:])
            rows[f"{name}({arguments})"] = _callable_row(value)
    return rows


def filters() -> str:
    """Returns Jinja's filters that a template may use."""
    kept = set(Sandbox().filters) - ENCODERS - {"counted"}
    return f"{', '.join(f'`{name}`' for name in sorted(kept))}."


def methods() -> str:
    """Returns the methods of text, lists and maps that a template may call."""
    return f"{', '.join(f'`{name}`' for name in sorted(KEPT_METHODS))}."


def _callable_row(function: Callable[..., object]) -> tuple[str, str]:
    returned = str(inspect.get_annotations(function)["return"])
    return _word(returned), _code_spans(" ".join((inspect.getdoc(function) or "").split()))


def _docs_below(owner: type | ModuleType) -> dict[str, str]:
    """Returns what stands below each field of a class, or each constant of a module."""
    tree = ast.parse(inspect.getsource(owner))
    body = typing.cast("ast.ClassDef", tree.body[0]).body if isinstance(owner, type) else tree.body
    found: dict[str, str] = {}
    for stated, after in itertools.pairwise(body):
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            text = _code_spans(" ".join(str(after.value.value).split()))
            found |= {name.id: text for name in _assigned(stated) if isinstance(name, ast.Name)}
    return found


def _assigned(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.AnnAssign):
        return [statement.target]
    return statement.targets if isinstance(statement, ast.Assign) else []


def _word(annotation: str) -> str:
    """Returns a type as a template's author thinks of it."""
    annotation = annotation.strip("'\"")
    if annotation.endswith(" | None"):
        return f"{_word(annotation.removesuffix(' | None'))}, or none"
    if found := re.fullmatch(r"tuple\[(.+), \.\.\.\]", annotation):
        return f"list of {_word(found[1])}"
    if annotation.startswith(("Mapping", "dict", "Values")):
        return "map"
    if annotation.startswith("tuple["):
        return "pair"
    known = {"str": "text", "bool": "true or false", "int": "whole number", "str | int": "text or number"}
    classes = {kind.__name__ for kind in MODEL_CLASSES}
    name = annotation.rsplit(".", 1)[-1]
    return known.get(annotation) or (f"[{name}](#{name.lower()})" if name in classes else annotation)


def _first_paragraph(kind: type) -> str:
    return _code_spans((inspect.getdoc(kind) or "").split("\n\n")[0].replace("\n", " "))


def limits() -> str:
    """Returns how much a template may use."""
    limits = (
        (bounds, "SIZE_LIMIT"),
        (bounds, "TEMPLATE_LIMIT"),
        (bounds, "NUMBER_LIMIT"),
        (bounds, "DEPTH_LIMIT"),
        (budget, "STEP_LIMIT"),
        (sandbox, "DEPTH_LIMIT"),
    )
    return _table(
        ("at most", "of what"),
        ((f"{getattr(module, name):,}", _docs_below(module)[name]) for module, name in limits),
    )


def outputs() -> str:
    """Returns what the stock list makes."""
    return _table(
        ("artifact", "one for each", "path below `output/`", "only where"),
        (
            (
                f"`{spec.name}`",
                _each(spec.for_each),
                f"`{_placeholders(spec.path)}`",
                f"`{spec.when}`" if spec.when else "",
            )
            for spec in artifacts.load_specs(PROJECT)
        ),
    )


def _each(for_each: frozenset[str]) -> str:
    return " and ".join(sorted(for_each)) or "fleet"


def _placeholders(path: str) -> str:
    return re.sub(r"<%= (\w+)\.\w+ %>", r"<\1>", path)


# The command line.


_MARKUP = re.compile(r"([<*_])")
_ESCAPED = r"\\\1"


def rules() -> str:
    """Returns the explanation of every rule of verify, in the order in which they judge."""
    return (
        "\n".join(
            f"\n### {check.code}\n\n{_MARKUP.sub(_ESCAPED, check.load().explanation.strip())}" for check in CHECKS
        )
        + "\n"
    )


def help_of_main() -> str:
    """Returns what `gitops-gen --help` prints, where nothing says how wide the screen is."""
    return _fenced(command_line.get_help(_main_context()))


def help_of_commands() -> str:
    """Returns the help of every command, and of the commands of a group after that of the group."""
    return "\n\n".join(f"### {name}\n\n{_fenced(text)}" for name, text in commands())


def commands() -> Iterator[tuple[str, str]]:
    """Yields the name of every command with its help, in the order in which --help lists them."""
    yield from _commands_of(typing.cast("click.Group", command_line), _main_context(), ())


def _commands_of(group: click.Group, context: click.Context, above: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 - it was listed
        inner = click.Context(command, info_name=name, parent=context)
        yield " ".join((*above, name)), command.get_help(inner)
        if isinstance(command, click.Group):
            yield from _commands_of(command, inner, (*above, name))


def _main_context() -> click.Context:
    return command_line.make_context("gitops-gen", [], resilient_parsing=True, terminal_width=80)


def benchmarks() -> str:
    """Returns the tables of what was measured last."""
    return "\n".join(report.markdown(read_report((PROJECT / "docs/benchmarks.json").read_text(encoding="utf-8"))))


def _fenced(text: str) -> str:
    return f"```text\n{text}\n```"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


PARTS: dict[str, Callable[[], str]] = {
    "place facts": lambda: levels_table(PLACES),
    "secrets of a place": lambda: levels_table(PLACE_SECRETS),
    "app facts": lambda: levels_table(APPS),
    **{name: (lambda entry=entry: block_table(entry)) for name, entry in BLOCKS.items()},  # type: ignore[misc]
    "names": names_table,
    "bounds": limits,
    "outputs": outputs,
    "filters": filters,
    "methods": methods,
    "properties": properties,
    "what make generate says": tour.nothing_to_write,
    "json of changes": tour.changes_as_json,
    "json of problems": tour.problems_as_json,
    "help": help_of_main,
    "help of commands": help_of_commands,
    "rules": rules,
    "benchmarks": benchmarks,
}

if __name__ == "__main__":
    sys.exit(main())
