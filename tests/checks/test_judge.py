"""The rules are shared by processes, and the verdict is that of one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import pytest

from gitops_gen.background import Background
from gitops_gen.checks import CHECKS, Listed
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence import helm
from gitops_gen.evidence.files import Files, RenderedFiles
from gitops_gen.evidence.graph import Graph, Unjoined, UnjoinedError
from gitops_gen.evidence.joining import Joined
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.repositories import Checkout, repositories
from gitops_gen.go_programs import check_callable
from gitops_gen.judge import CANNOT_SAY, _from_outside, _shares, find_nothing, judge, load_rules
from gitops_gen.problems import Location, Severity
from gitops_gen.proof import verify
from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, SECRET_FILE, application, operator
from tests.checks.test_chart_rendering import tree
from tests.checks.trees import MARK, URL, found, shown
from tests.tools.generated import PROJECT, real
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

CODES = [check.code for check in CHECKS]
CLUSTER = "environments/production/clusters/myapp-production-use1"


class Given(Listed):
    """A rule that a test makes."""

    __slots__ = ()
    made: ClassVar[dict[str, Check]] = {}

    def load(self) -> Check:
        return self.made[self.code]


def listed(checks: Iterable[Check], early: Collection[str] = (), of_texts: Collection[str] = ()) -> tuple[Listed, ...]:
    """Some rules, as they are listed."""
    Given.made = {check.code: check for check in checks}
    return tuple(Given(code, is_early=code in early, is_of_texts=code in of_texts) for code in Given.made)


def graph(root: Path) -> Graph:
    return Graph(Files(root), (".",), repositories({URL: "."}))


COUNTED = """\
import os, sys
from gitops_gen import judge
from gitops_gen.cli import run
from gitops_gen.evidence import reading_ahead
judge.MANY = reading_ahead.MANY = int(sys.argv.pop(1))
made, fork = [], os.fork
def counted():
    made.append(fork())
    return made[-1]
os.fork = counted
code = run(sys.argv[1:])
print(f"{len(made)} processes were made", file=sys.stderr)
raise SystemExit(code)
"""
"""Runs the command line, and says how many processes it has forked."""


def verified(root: Path, jobs: int, many: int) -> tuple[int, str, str]:
    """What a process of its own says, to which so many files are many."""
    # Python 3.12 and later warn a main program of a fork beside threads: `go_programs` knows of those.
    python = [sys.executable, "-W", "ignore:This process:DeprecationWarning"]
    command = [*python, "-c", COUNTED, str(many), "-C", str(root), "verify", "--format", "json", "--jobs", str(jobs)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_several_processes_come_to_the_same_verdict(tmp_path: Path) -> None:
    for folder in ("environments", "output", "examples"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    (dev, *_, production) = sorted((tmp_path / "output").rglob("secrets.yaml"))
    dev.write_text(dev.read_text().replace(":role/", ":role/x"))
    production.write_text(production.read_text().replace("kind: ", "kind: X"))
    for path in (tmp_path / "output").rglob("*.tfvars"):
        path.write_text(path.read_text().replace('namespace       = "myapp"', 'namespace       = "operators"'))

    code, alone, _ = verified(tmp_path, 1, 500)

    assert code == 1
    assert len({problem["code"] for problem in json.loads(alone)["problems"]}) > 3
    for jobs in (2, 3, 7):
        assert verified(tmp_path, jobs, 500) == (1, alone, "2 processes were made\n")
        assert verified(tmp_path, jobs, 0) == (1, alone, f"{jobs + 1} processes were made\n")


@pytest.mark.parametrize(
    ("weights", "number", "shares"),
    [
        ([1] * 18, 2, [[*range(9)], [*range(9, 18)]]),
        ([1] * 18, 3, [[*range(6)], [*range(6, 12)], [*range(12, 18)]]),
        (
            [1] * 8 + [4] + [1] * 8 + [3] + [1] * 9,
            2,
            [[8, *range(8), 9, 10, 11, 12], [17, 13, 14, 15, 16, *range(18, 27)]],
        ),
        ([2, *[1] * 16], 2, [[0, *range(1, 8)], [*range(8, 17)]]),
        ([1, 1], 5, [[0], [1]]),
        ([9, 1, 1], 3, [[0], [1, 2]]),
        ([], 3, [[]]),
    ],
    ids=["neighbours", "three", "two heavy ones", "one heavy one", "fewer than parts", "a part of its own", "none"],
)
def test_heavy_rules_are_dealt_out_and_neighbours_fill_up_the_parts(
    weights: list[int], number: int, shares: list[list[int]]
) -> None:
    checks = [Listed(str(index), weight) for index, weight in enumerate(weights)]
    assert [[int(check.code) for check in share] for share in _shares(checks, number)] == shares


@pytest.mark.parametrize("reader", [0, -1], ids=["the first process", "the last process"])
def test_a_file_that_cannot_be_read_is_told_once_whoever_meets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: int
) -> None:
    (tmp_path / "odd.txt").write_bytes(b"a: \xff\n")
    found(tmp_path, BY_HAND, CODES[0])
    evidence = graph(tmp_path)

    def read(graph: Graph) -> Iterator[Finding]:
        assert graph.files.get("odd.txt") is None
        yield from ()

    checks = [Check(code, lambda _: iter(()), "") for code in CODES]
    checks[reader] = Check(CODES[reader], read, "")
    monkeypatch.setattr("gitops_gen.judge.CHECKS", listed(checks))

    told = [(each.code, each.at) for each in judge(evidence, jobs=2).problems if each.code != CANNOT_SAY]

    assert told == [("not-utf8", Location("odd.txt", 1, 4))]


@pytest.mark.parametrize(
    ("cores", "files", "processes"), [(1, 999, 1), (1, 1000, 1), (2, 1, 2), (3, 999, 2), (3, 1000, 3)]
)
def test_two_processes_share_the_rules_for_few_files_and_one_for_each_core_for_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cores: int, files: int, processes: int
) -> None:
    found(tmp_path, BY_HAND, CODES[0])
    evidence = graph(tmp_path)
    evidence.paths = ("x.yaml",) * files
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {*range(cores)})

    def tell(_: Graph) -> Iterator[Finding]:
        time.sleep(0.01)  # until another process is there, too
        yield Finding(f"process {os.getpid()}", Place("x.yaml"), "")

    monkeypatch.setattr("gitops_gen.judge.CHECKS", listed(Check(code, tell, "") for code in CODES))

    told = {each.message for each in judge(evidence).problems if each.code != CANNOT_SAY}

    assert len(told) == processes


@pytest.mark.parametrize(
    ("elsewhere", "teller"),
    [(lambda: None, "another"), (lambda: os._exit(0), "this process"), (lambda: check_callable("sys"), "this process")],
    ids=["sound", "ended", "without a Go program"],
)
def test_what_an_early_rule_finds_is_told_once_whatever_becomes_of_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: Callable[[], None], teller: str
) -> None:
    found(tmp_path, BY_HAND, CODES[0])
    monkeypatch.setattr("gitops_gen.go_programs._OF_GO", frozenset({"sys"}))
    first = os.getpid()

    def tell(_: Graph) -> Iterator[Finding]:
        if os.getpid() != first:
            elsewhere()
        yield Finding(f"told by {'this process' if os.getpid() == first else 'another'}", Place("x.yaml"), "")

    checks = listed((Check(CODES[0], lambda _: iter(()), ""), Check(CODES[1], tell, "")), early={CODES[1]})
    monkeypatch.setattr("gitops_gen.judge.CHECKS", checks)
    monkeypatch.setattr("gitops_gen.judge.MANY", 0)

    told = [each.message for each in judge(graph(tmp_path), jobs=2).problems if each.code != CANNOT_SAY]

    assert told == [f"told by {teller}"]


class LookedAt(NamedTuple):
    """What another process has found in the texts, and notes who asks for it."""

    sound: bool | None
    is_early: bool
    asked: list[bool]

    def is_told(self) -> bool:
        return self.is_early

    def are_sound(self) -> bool:
        self.asked.append(self.sound is True)
        return self.asked[-1]


@pytest.mark.parametrize(
    ("elsewhere", "is_early", "tellers"),
    [
        (True, True, set()),
        (True, False, set()),
        (False, True, {"this process", "another"}),
        (False, False, {"this process"}),
        (None, False, {"this process"}),
    ],
    ids=["sound", "sound at last", "unsound", "unsound at last", "ended"],
)
def test_what_looks_at_texts_alone_is_left_to_whoever_has_found_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: bool | None, is_early: bool, tellers: set[str]
) -> None:
    found(tmp_path, BY_HAND, CODES[0])
    first = os.getpid()

    def tell(_: Graph) -> Iterator[Finding]:
        time.sleep(0.01)  # until another process is there, too
        yield Finding("this process" if os.getpid() == first else "another", Place("x.yaml"), "")

    checks = [Check(code, tell if number else lambda _: iter(()), "") for number, code in enumerate(CODES)]
    monkeypatch.setattr("gitops_gen.judge.CHECKS", listed(checks, of_texts=CODES[1:]))
    texts = LookedAt(elsewhere, is_early, [])

    problems = judge(graph(tmp_path), jobs=2, texts=texts).problems

    assert {each.message for each in problems if each.code != CANNOT_SAY} == tellers
    assert texts.asked == [elsewhere is True]


def test_a_sound_fleet_has_nothing_that_looking_at_its_texts_finds() -> None:
    assert find_nothing(Unjoined(Files(PROJECT), ("output",), repositories({})))


def test_a_slip_in_a_text_is_found_and_told_by_judge(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\na: 2\n")
    evidence = Unjoined(Files(tmp_path), (".",), repositories({}))
    assert not find_nothing(evidence)
    assert find_nothing(evidence, ignore=["invalid-yaml"])
    assert find_nothing(evidence, select=["secret-in-file"])
    assert [each.code for each in verify(tmp_path, jobs=2).problems] == ["invalid-yaml"]


@pytest.mark.parametrize("path", ["main.tf", "charts/web/templates/job.yaml"])
def test_a_file_that_only_what_looks_at_texts_asks_for_and_cannot_read_is_told(tmp_path: Path, path: str) -> None:
    found(tmp_path, {"charts/web/Chart.yaml": "name: web\n", path: ""}, CODES[0])
    (tmp_path / path).write_bytes(b"a: \xff\n")

    for jobs in (1, 2):
        told = [(each.code, each.at) for each in verify(tmp_path, jobs=jobs).problems]

        assert ("not-utf8", Location(path, 1, 4)) in told


def test_who_tells_of_a_file_that_cannot_be_read_tells_of_all(tmp_path: Path) -> None:
    found(tmp_path, {"a/kustomization.yaml": "patches:\n- path: patch.yaml\n"}, CODES[0])
    for path in ("a/patch.yaml", "odd.tfvars"):
        (tmp_path / path).write_bytes(b"\xff")

    for jobs in (1, 2):
        told = [each.at.path for each in verify(tmp_path, select=["invalid-hcl", "store-region"], jobs=jobs).problems]

        assert told == ["a/patch.yaml", "odd.tfvars"]


def test_evidence_that_nobody_joins_says_so() -> None:
    evidence = Unjoined(Files(PROJECT), ("output",), repositories({URL: "."}))
    with pytest.raises(UnjoinedError):
        _ = evidence.applications


LOADED = """\
import sys
from pathlib import Path
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Unjoined
from gitops_gen.evidence.repositories import Repositories
from gitops_gen.judge import find_nothing
assert find_nothing(Unjoined(Files(Path(sys.argv[1])), ("output",), Repositories({})))
print(*sorted(each for each in sys.modules if each.startswith("gitops_gen.evidence.")))
"""
"""Looks at the texts of a sound fleet, and says which evidence was loaded for it."""


def test_to_look_at_texts_little_is_loaded() -> None:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(PROJECT)], env=environment, capture_output=True, text=True, check=True
    )
    assert [each.removeprefix("gitops_gen.evidence.") for each in done.stdout.split()] == [
        *("charts", "files", "folders", "graph", "hcl", "hcl_constants", "hcl_plain", "leaves", "leftovers"),
        *("parsers", "places", "reading_ahead", "repositories", "values", "written"),
    ]


ASKED = """\
import sys
from pathlib import Path
from gitops_gen.checks import CHECKS
from gitops_gen.evidence import helm
from gitops_gen.proof import verify
modules = [f"gitops_gen.checks.{each.code.replace('-', '_')}" for each in CHECKS if not each.is_of_texts]
real, lacking = helm.ask, []
def asked(*question):
    lacking.append([each for each in modules if each not in sys.modules])
    return real(*question)
helm.ask = asked
verify(Path(sys.argv[1]), jobs=2)
print(lacking[:1])
"""
"""Says which rules of what is joined are not loaded when Helm's engine is first asked."""


@requires_helm
def test_while_the_engine_starts_the_rules_are_loaded(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "XDG_CACHE_HOME": str(tmp_path)}
    command = [sys.executable, "-c", ASKED, str(PROJECT)]
    told = [subprocess.run(command, env=environment, capture_output=True, text=True).stdout for _ in range(2)]
    assert told == ["[[]]\n", "[]\n"]


@pytest.mark.parametrize(("over", "loaded"), [(0, []), (2, ["b", "c"]), (9, ["b", "c", "d"])])
def test_the_rules_of_what_is_joined_are_loaded_until_it_can_be_joined(
    monkeypatch: pytest.MonkeyPatch, over: int, loaded: list[str]
) -> None:
    told: list[str] = []

    class Told(Listed):
        __slots__ = ()

        def load(self) -> Check:
            told.append(self.code)
            return Check(self.code, lambda _: iter(()), "")

    rules = (Told("a", is_of_texts=True), Told("b"), Told("c"), Told("d"))
    monkeypatch.setattr("gitops_gen.judge.CHECKS", rules)

    load_rules((), ["a"], lambda: len(told) >= over)

    assert told == loaded


def test_the_rules_of_texts_are_left_to_who_looks_at_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gitops_gen.judge.CHECKS", (Listed("no-such-rule", is_of_texts=True),))
    load_rules((), ())


@pytest.mark.parametrize(
    ("weights", "order"),
    [([1, 1, 1], [0, 1, 2]), ([1, 9, 1, 5, 4, 3], [1, 4, 0, 2, 5, 3]), ([4], [0])],
    ids=["light ones", "some heavy ones", "one heavy one"],
)
def test_two_processes_begin_with_the_heavy_rules(weights: list[int], order: list[int]) -> None:
    checks = [Listed(str(index), weight) for index, weight in enumerate(weights)]
    assert [int(check.code) for check in _from_outside(checks)] == order


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("select", "ignore", "is_told"),
    [((), (), True), ((CANNOT_SAY,), (), True), (("kms-access",), (), False), ((), (CANNOT_SAY,), False)],
    ids=["with all", "alone", "of a rule", "ignored"],
)
def test_what_cannot_be_said_is_told_where_it_is_asked_for(
    tmp_path: Path, select: tuple[str, ...], ignore: tuple[str, ...], is_told: bool, jobs: int
) -> None:
    found(tmp_path, BY_HAND, CODES[0])

    problems = judge(graph(tmp_path), select=select, ignore=ignore, jobs=jobs).problems

    assert (CANNOT_SAY in {each.code for each in problems}) == is_told
    assert not select or {each.code for each in problems} <= {*select}


def test_on_a_sound_fleet_no_early_rule_needs_what_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Joined, "join", None)
    evidence = Graph(Files(PROJECT), ("output",), repositories({URL: "."}))
    evidence.read()
    early = [check.load() for check in CHECKS if check.is_early]
    assert [finding for check in early for finding in check.run(evidence)] == []
    assert len(early) > 5


def test_the_early_rules_of_a_sound_fleet_come_to_their_end_in_another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[object] = []
    real = Background.take

    def take(self: Background[object]) -> object:
        taken.append(real(self))
        return taken[-1]

    monkeypatch.setattr(Background, "take", take)
    monkeypatch.setattr("gitops_gen.judge.MANY", 0)
    assert verify(PROJECT, jobs=2).is_clean(strict=True)
    # The problems of the early rules come last.
    assert taken[-1] == []


def test_where_no_rule_is_left_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_bytes(b"a: \xff\n")

    for jobs in (1, 2):
        (problem,) = judge(graph(tmp_path), select=[CODES[0]], ignore=[CODES[0]], jobs=jobs).problems

        assert (problem.code, problem.at) == ("not-utf8", Location("odd.yaml", 1, 4))


@requires_helm
def test_no_rule_needs_the_engine_which_a_second_process_has_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(tmp_path, tree("        valuesObject: {account: web-eso}\n"), CODES[0])
    evidence = graph(tmp_path)
    assert evidence.rendered
    for name in ("render", "read_values", "read_parameter", "needs_of"):
        monkeypatch.setattr(helm, name, None)

    assert "store-service-account" in {problem.code for problem in judge(evidence, jobs=1).problems}


def test_a_form_is_told_as_not_known(tmp_path: Path) -> None:
    found(tmp_path, {"forms/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: <team>-limits}\n"}, CODES[0])
    assert [shown(each) for each in judge(graph(tmp_path)).problems] == [
        (
            "forms/map.yaml:3:18: note: ConfigMap <team>-limits has a placeholder for its name, so somebody fills it "
            "in first: what it says then is not known\n"
            "hint: verify what is made of it"
        ),
    ]


def test_what_is_wrong_in_the_data_of_tests_is_a_warning_unless_an_application_brings_it(tmp_path: Path) -> None:
    application = """\
        apiVersion: argoproj.io/v1alpha1
        kind: Application
        metadata: {name: web, namespace: argocd}
        spec:
          project: default
          source: {repoURL: https://git.example.com/fleet.git, path: web/testdata}
          destination: {name: in-cluster, namespace: web}
        """
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}\n"
    of_tests = " (in a folder of tests' data, where that may be meant)\n"
    (got,) = found(tmp_path, {"web/testdata/map.yaml": text}, "invalid-name")
    assert got.startswith("web/testdata/map.yaml:3:18: warning: ConfigMap Web: its name: ")
    assert of_tests in got
    (got,) = found(tmp_path, {"web/testdata/map.yaml": text, "app.yaml": application}, "invalid-name")
    assert got.startswith("web/testdata/map.yaml:3:18: error: ConfigMap Web: its name: ")
    other, got = found(tmp_path, {"golden/broken.yaml": "a: b: c\n", "test/map.yaml": "a: [\n"}, "invalid-yaml")
    assert got.startswith("golden/broken.yaml:1:5: warning: ")
    assert other.startswith("test/map.yaml:2:1: error: ")


RETIRED = ("old", "_archived/2025", ".old", "apps-disabled/x", "web_bak", "Deprecated", "web.old")
IN_USE = ("log-archive", "old-town", "backup", "history", "gold")


def test_what_is_out_of_use_by_the_name_of_its_folder_is_a_note(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}\n"
    got = found(tmp_path, {f"{folder}/map.yaml": text for folder in (*RETIRED, *IN_USE)}, "invalid-name")
    severities = {each.partition("/map.yaml")[0]: each.split()[1] for each in got}
    assert severities == dict.fromkeys(RETIRED, "note:") | dict.fromkeys(IN_USE, "error:")
    assert [" (apps-disabled is out of use by its name)\n" in each for each in got].count(True) == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [("apps-disabled", []), ("apps-disabled/old", [Severity.ERROR]), ("apps-disabled/old/web.yaml", [Severity.ERROR])],
)
def test_a_folder_that_is_asked_for_is_not_out_of_use(tmp_path: Path, asked: str, told: list[Severity]) -> None:
    """One below it is."""
    path = tmp_path / "apps-disabled/old/web.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(textwrap.dedent(application("web", path="gone")), encoding="utf-8")
    evidence = Graph(Files(tmp_path), (asked,), repositories({URL: "."}))
    assert [each.severity for each in judge(evidence, select=["source-path"]).problems] == told


OLD_OPERATOR = {"apps/operator.yaml": operator("0.9.13"), SECRET_FILE: EXTERNAL_SECRET}
"""An operator that does not know the apiVersion of the secret that is here."""
API_VERSION = "external-secret-api-version"
ON_MAIN = Checkout(".", branch="main")


def at_tag(cluster: str = "one") -> str:
    web = application(f"web-{cluster}", cluster=cluster)
    return web.replace("targetRevision: main", "targetRevision: v1.4.0")


def test_what_argo_cd_reads_at_another_revision_may_not_be_wrong_beside_the_rest(tmp_path: Path) -> None:
    (got,) = found(tmp_path, {**OLD_OPERATOR, "apps/web.yaml": at_tag()}, API_VERSION, ON_MAIN)
    assert got.startswith("manifests/secret.yaml:1:13: warning: ExternalSecret db: got external-secrets.io/v1, but ")
    assert " (as it is here; Argo CD reads it at v1.4.0)\n" in got


@pytest.mark.parametrize(
    ("files", "folder"),
    [
        ({"apps/web.yaml": application()}, ON_MAIN),
        ({"apps/web.yaml": at_tag()}, "."),
        ({"apps/web.yaml": MARK + at_tag()}, ON_MAIN),
        ({"apps/web.yaml": application(), "apps/two.yaml": at_tag()}, ON_MAIN),
    ],
    ids=["it reads what is here", "what is here is not known", "a generated one", "another one reads what is here"],
)
def test_what_argo_cd_reads_as_it_is_here_is_wrong(
    tmp_path: Path, files: dict[str, str], folder: str | Checkout
) -> None:
    (got,) = found(tmp_path, {**OLD_OPERATOR, **files}, API_VERSION, folder)
    assert got.startswith("manifests/secret.yaml:1:13: error: ")
    assert "Argo CD reads it at" not in got


@pytest.mark.parametrize(("version", "severity"), [("0.9.13", "error:"), ("2.9.0", "warning:")])
def test_another_revision_counts_on_its_own_cluster(tmp_path: Path, version: str, severity: str) -> None:
    """Where both clusters have an old operator, the one that reads what is here stands for both."""
    brought = application("web-two", cluster="two")
    two = {"apps/two.yaml": operator(version, cluster="two"), "apps/web-two.yaml": brought}
    (got,) = found(tmp_path, {**OLD_OPERATOR, **two, "apps/web.yaml": at_tag()}, API_VERSION, ON_MAIN)
    assert got.split()[1] == severity


def test_an_object_that_is_wrong_by_itself_is_wrong_at_any_revision(tmp_path: Path) -> None:
    wrong = EXTERNAL_SECRET.replace("property: password", "propery: password")
    files = {**OLD_OPERATOR, "apps/web.yaml": at_tag(), SECRET_FILE: wrong, "apps/operator.yaml": operator()}
    (got,) = found(tmp_path, files, "external-secret-fields", ON_MAIN)
    assert got.startswith("manifests/secret.yaml:16:9: error: ")


def test_what_an_application_brings_is_in_use_whatever_its_folder_is_called(tmp_path: Path) -> None:
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}\n"
    (got,) = found(tmp_path, {"old/map.yaml": text, "web.yaml": application("web", path="old")}, "invalid-name")
    assert got.startswith("old/map.yaml:3:18: error: ConfigMap Web: its name: ")


@pytest.mark.parametrize("taken", ["old", "old/map.yaml"])
def test_what_a_kustomization_takes_from_elsewhere_is_in_use_too(tmp_path: Path, taken: str) -> None:
    files = {
        "old/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Web}\n",
        "old/kustomization.yaml": "resources: [map.yaml]\n",
        "base/kustomization.yaml": f"resources: [../{taken}]\n",
    }
    (got,) = found(tmp_path, files, "invalid-name")
    assert got.startswith("old/map.yaml:3:18: error: ConfigMap Web: its name: ")


def test_an_application_that_is_out_of_use_is_not_followed_unless_another_brings_it(tmp_path: Path) -> None:
    """It is no second one of its name, nor of a second Argo CD."""
    files = {"apps/web.yaml": application("web", path="gone"), "old/web.yaml": application("web", path="gone-too")}
    found(tmp_path, files, "source-path")
    assert [shown(each) for each in judge(graph(tmp_path)).problems if "gone" in str(each) or "old" in str(each)] == [
        (
            "apps/web.yaml:14:13: error: web takes its manifests from gone, which is not there\n"
            "hint: correct the path, or commit the folder"
        ),
        (
            "old/web.yaml:4:9: note: Application web is in old, which is out of use by its name, so it is not "
            "followed\n"
            "hint: verify old by itself, if Argo CD has it"
        ),
    ]
    all_of_them = {"apps/web.yaml": application("all", path="old")}
    assert found(tmp_path, all_of_them, "source-path") == [
        (
            "old/web.yaml:14:13: error: web takes its manifests from gone-too, which is not there\n"
            "hint: correct the path, or commit the folder"
        ),
    ]


def test_a_project_that_is_in_use_goes_before_one_that_is_not(tmp_path: Path) -> None:
    project = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: web, namespace: argocd}
spec:
  sourceRepos: ['*']
  destinations: [{name: '*', namespace: WHERE}]
"""
    files = {
        "apps/web.yaml": application("web").replace("project: default", "project: web"),
        "manifests/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n",
        "projects/web.yaml": project.replace("WHERE", "web"),
        "zoo/old/web.yaml": project.replace("WHERE", "other"),
    }
    assert found(tmp_path, files, "project-permits") == []
    files["projects/web.yaml"], files["zoo/old/web.yaml"] = files["zoo/old/web.yaml"], files["projects/web.yaml"]
    (got,) = found(tmp_path, files, "project-permits")
    assert " error: " in got
    assert "\nprojects/web.yaml:" in got


@requires_helm
def test_what_nobody_sees_is_one_cause_for_all_templates(tmp_path: Path) -> None:
    secret = EXTERNAL_SECRET.replace("name: store\n    kind: SecretStore", "name: vault\n    kind: ClusterSecretStore")
    templates = {f"charts/web/templates/{name}.yaml": secret.replace("name: db", f"name: {name}") for name in "ab"}
    files = {**tree(), **templates}
    del files["apps/operator.yaml"]
    found(tmp_path, files, "external-secret-store")
    problems = judge(graph(tmp_path), select=["external-secret-store"]).problems
    assert [(each.at.path, str(each.severity), each.cause) for each in problems] == [
        ("charts/web/templates/a.yaml", "note", ": ClusterSecretStore vault"),
        ("charts/web/templates/b.yaml", "note", ": ClusterSecretStore vault"),
    ]


@requires_helm
def test_what_a_template_writes_several_times_is_one_cause(tmp_path: Path) -> None:
    template = (
        '{{- range list "a" "b" }}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ . }}_x\n{{- end }}\n'
    )
    files = {**tree(), "charts/web/templates/maps.yaml": template}
    found(tmp_path, files, "invalid-name")
    problems = judge(graph(tmp_path), select=["invalid-name"]).problems
    place = "charts/web/templates/maps.yaml:6:9"
    assert [(str(each.at), each.cause) for each in problems] == [(place, f"{place} 1"), (place, f"{place} 1")]


@requires_helm
def test_two_mistakes_at_one_line_of_a_template_are_two(tmp_path: Path) -> None:
    template = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: other}\n"
        "spec:\n  sources: [{repoURL: x, path: p}]\n"
    )
    found(tmp_path, {**tree(), "charts/web/templates/app.yaml": template}, "argo-cd-object")
    problems = judge(graph(tmp_path), select=["argo-cd-object"]).problems
    place = "charts/web/templates/app.yaml:4:1"
    assert [(each.message.rpartition(": ")[2], each.cause) for each in problems] == [
        ("destination is missing", f"{place} 1"),
        ("project is missing", f"{place} 2"),
    ]


@pytest.mark.parametrize(
    ("path", "before", "after", "code"),
    [
        (f"{CLUSTER}/apps/myapp/manifests/secrets.yaml", "metadata:", " metadata:", "invalid-yaml"),
        ("argocd/applicationsets/myapp.yaml", "  templatePatch: |\n", "", "invalid-yaml"),
        ("argocd/projects/production.yaml", "apiVersion:", " apiVersion:", "invalid-yaml"),
        ("environments/production/apps/myapp/values.yaml", "replicaCount:", "\treplicaCount:", "invalid-yaml"),
        (
            f"{CLUSTER}/myapp-production-use1.tfvars",
            'env               = "production"',
            "env = production",
            "invalid-hcl",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told_before_what_follows_from_it(
    path: str, before: str, after: str, code: str
) -> None:
    tree = real()
    assert before in tree.files[path]
    texts = {**tree.files, path: tree.files[path].replace(before, after, 1)}
    read = RenderedFiles(tree.root, tree.folder, texts)
    first = judge(Graph(read, (tree.folder,), repositories({tree.url: "."}))).problems[0]
    assert (first.code, first.at.path) == (code, f"output/{path}")


def test_an_application_without_a_destination_lands_on_no_cluster_that_is_counted(tmp_path: Path) -> None:
    text = application()
    files = {"a.yaml": text, "b.yaml": text.replace("name: web", "name: two").replace("destination:", "destinations:")}
    for path, each in files.items():
        (tmp_path / path).write_text(each, encoding="utf-8")
    verdict = judge(Graph(Files(tmp_path), (".",), repositories({URL: "."})))
    assert (verdict.applications, verdict.clusters) == (2, 1)
