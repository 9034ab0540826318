"""What Helm's engine has answered is kept for the next run, and never decides about anything else than its question."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
import sys
import tarfile
import time
from pathlib import Path
from textwrap import dedent
from threading import Barrier, Thread
from typing import TYPE_CHECKING, NamedTuple

import pytest

from gitops_gen.evidence.helm import chart_content, kept, kept_path, process
from gitops_gen.proof import verify, verify_rendered
from tests.checks.test_chart_rendering import tree
from tests.checks.trees import URL, shown
from tests.tools.generated import real
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

pytestmark = requires_helm

CHART = "charts/web"
DEPLOYMENT = f"{CHART}/templates/deployment.yaml"
GUARD = f"{CHART}/templates/guard.yaml"


class Judged(NamedTuple):
    """What a run of verify says, and what it has asked Helm's engine."""

    problems: list[str]
    asked: list[str]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What Helm's engine is asked."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    asked: list[str] = []
    ask = process.ask

    def counted(question: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        asked.append(question)
        return ask(question, arguments)

    monkeypatch.setattr("gitops_gen.evidence.helm.ask", counted)
    return asked


@pytest.fixture
def judge(tmp_path: Path, asked: list[str]) -> Callable[[], Judged]:
    """Judges the tree."""

    def run() -> Judged:
        asked.clear()
        problems = verify(root_of(tmp_path), stated={URL: "."}).problems
        return Judged([shown(each) for each in problems], list(asked))

    return run


def root_of(folder: Path) -> Path:
    return folder / "tree"


def kept_file(folder: Path) -> Path:
    (file,) = (folder / "caches" / "gitops-gen" / "helm").iterdir()
    return file


@pytest.fixture(autouse=True)
def _tree(tmp_path: Path) -> None:
    """The repository that is judged."""
    files = {**tree(values="        releaseName: web\n        valueFiles: [values.yaml, own.yaml]\n")}
    files[f"{CHART}/own.yaml"] = "replicas: 2\n"
    files[GUARD] = '{{- if ne .Values.secret "db" }}{{ fail (printf "there is no secret %s" .Values.secret) }}{{ end }}'
    for path, text in files.items():
        (root_of(tmp_path) / path).parent.mkdir(parents=True, exist_ok=True)
        (root_of(tmp_path) / path).write_text(dedent(text).lstrip("\n"))


def edit(tmp_path: Path, path: str, old: str, new: str) -> None:
    file = root_of(tmp_path) / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_the_next_run_asks_nothing_and_says_the_same(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    first, second = judge(), judge()
    assert set(first.asked) == {"metadata", "read_values", "render"}
    assert second == Judged(first.problems, [])


@pytest.mark.parametrize(
    ("path", "old", "new", "asked"),
    [
        (GUARD, '"db"', '"another"', ["metadata", "render"]),
        (f"{CHART}/templates/_names.tpl", ".Values.account", ".Values.none.none", ["metadata", "render"]),
        (f"{CHART}/values.yaml", "secret: db", "secret: other", ["metadata", "read_values", "render"]),
        (f"{CHART}/own.yaml", "replicas: 2", "secret: other", ["metadata", "read_values", "render"]),
        (f"{CHART}/own.yaml", "replicas: 2", "secret: *other", ["metadata", "read_values"]),
        ("apps/web.yaml", "valueFiles: [values.yaml, own.yaml]", "valuesObject: {secret: other}", ["render"]),
        ("apps/web.yaml", "releaseName: web", "parameters: [{name: secret, value: b}]", ["read_parameter", "render"]),
    ],
)
def test_whatever_decides_is_part_of_the_question(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    judge: Callable[[], Judged],
    path: str,
    old: str,
    new: str,
    asked: list[str],
) -> None:
    before = judge()
    edit(tmp_path, path, old, new)

    after, again = judge(), judge()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))

    assert sorted(set(after.asked)) == asked
    assert before.problems != after.problems == again.problems == judge().problems
    assert again.asked == []


def test_the_name_of_a_release_and_its_namespace_decide(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    judge()
    edit(tmp_path, "apps/web.yaml", "releaseName: web", "releaseName: other")
    assert judge().asked == ["render"]
    edit(tmp_path, "apps/web.yaml", "namespace: web", "namespace: other")
    assert judge().asked == ["render"]


def test_a_chart_is_where_the_run_is_that_judges_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: Callable[[], Judged]
) -> None:
    other = tmp_path / "other"
    shutil.copytree(root_of(tmp_path), other / "tree")
    edit(other, GUARD, '"db"', '"another"')
    own, others = judge().problems, [shown(each) for each in verify(other / "tree", stated={URL: "."}).problems]

    for folder, problems in ((root_of(tmp_path), own), (other / "tree", others), (root_of(tmp_path), own)):
        monkeypatch.chdir(folder)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none" / folder.parent.name))
        assert [shown(each) for each in verify(Path(), stated={URL: "."}).problems] == problems
    assert own != others


def test_what_one_run_does_not_ask_is_there_for_the_next(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    judge()
    edit(tmp_path, "apps/web.yaml", "releaseName: web", "releaseName: other")
    judge()
    edit(tmp_path, "apps/web.yaml", "releaseName: other", "releaseName: web")
    assert judge().asked == []


@pytest.mark.parametrize("cut", [0, 5, 20, 30, 60, -1])
def test_a_file_that_is_cut_off_costs_only_speed(tmp_path: Path, judge: Callable[[], Judged], cut: int) -> None:
    first = judge()
    whole = kept_file(tmp_path).read_bytes()
    kept_file(tmp_path).write_bytes(whole[:cut])

    assert judge() == first
    assert kept_file(tmp_path).read_bytes() == whole


def test_a_file_with_a_bit_changed_costs_only_speed(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    first = judge()
    whole = kept_file(tmp_path).read_bytes()
    for at in range(0, len(whole), 97):
        kept_file(tmp_path).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert judge() == first


def test_what_is_no_file_in_its_place_costs_only_speed(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    first = judge()
    path = kept_file(tmp_path)
    path.unlink()
    os.mkfifo(path)
    assert judge() == first
    assert judge().asked == []
    path.unlink()
    path.mkdir()
    assert judge() == first


def test_a_folder_that_cannot_be_made_costs_only_speed(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    (tmp_path / "caches").write_text("a file\n")
    first = judge()
    assert judge() == first
    assert first.asked


@pytest.mark.parametrize(
    ("what", "value"),
    [("_digest_of_engine", lambda: "another"), ("_MAGIC", b"gitops_gen helm 0\n")],
    ids=["another engine", "another version"],
)
def test_what_another_engine_or_version_has_kept_is_not_used(
    monkeypatch: pytest.MonkeyPatch, judge: Callable[[], Judged], what: str, value: object
) -> None:
    first = judge()
    monkeypatch.setattr(kept, what, value)
    assert judge() == first


def test_the_engine_is_known_by_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "packages" / "helm_python"
    (package / "lib").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "lib" / "libhelm_c.so").touch()
    before = kept._digest_of_engine()
    monkeypatch.syspath_prepend(package.parent)
    seen = [before, kept._digest_of_engine()]
    (package / "lib" / "libhelm_c.so").write_text("newer\n")
    seen.append(kept._digest_of_engine())
    assert len(set(seen)) == 3


def test_what_is_not_the_users_own_is_not_used(monkeypatch: pytest.MonkeyPatch, judge: Callable[[], Judged]) -> None:
    first = judge()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert judge() == first


def test_another_library_is_asked_each_time(monkeypatch: pytest.MonkeyPatch, judge: Callable[[], Judged]) -> None:
    import helm_python

    first = judge()
    monkeypatch.setenv("HELM_C_LIB", str(helm_python.library_path))
    assert judge() == judge() == first


def test_nobody_else_may_read_it(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    judge()
    file = kept_file(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in root_of(tmp_path).iterdir() if each.name.startswith(".")] == []


@pytest.mark.parametrize("root", ["", "part"])
def test_what_the_repository_brings_along_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str
) -> None:
    (tmp_path / "tree" / ".git").mkdir()
    (tmp_path / "tree" / "part").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "tree")
    for caches in (tmp_path / "tree" / ".cache", tmp_path / "link" / "caches"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(caches))
        assert kept_path.path_for(str(tmp_path / "tree" / root)) is None
    assert kept_path.path_for(str(tmp_path / "tree2")) is not None
    (tmp_path / "tree" / ".git").rmdir()
    assert (kept_path.path_for(str(tmp_path / "tree" / root)) is None) is (not root)


def test_a_link_in_its_place_leads_nowhere(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    first = judge()
    path, other = kept_file(tmp_path), tmp_path / "other"
    other.write_text("of the user\n")
    path.unlink()
    path.with_name(f"{path.name}.{os.getpid()}").symlink_to(other)

    assert judge() == first
    assert other.read_text() == "of the user\n"
    path.unlink(missing_ok=True)
    path.symlink_to(other)
    assert judge() == first
    assert other.read_text() == "of the user\n"


def test_threads_keep_what_they_ask_each_for_its_own_root(tmp_path: Path) -> None:
    both, inside = Barrier(2), []

    def keep(name: str) -> None:
        with kept.kept_for(tmp_path / name) as own:
            both.wait()
            inside.append(kept.current() is own)
            both.wait()

    threads = [Thread(target=keep, args=(name,)) for name in ("one", "two")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert inside == [True, True]
    assert kept.current() is None


def test_a_chart_that_changes_while_helm_reads_it_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: Callable[[], Judged]
) -> None:
    sound = root_of(tmp_path) / DEPLOYMENT
    text = sound.read_text()
    ask = process.ask

    def asked_while_it_changes(question: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
        sound.write_text(text.replace(".Values.secret", ".Values.other"))
        return ask(question, arguments)

    with monkeypatch.context() as patch:
        patch.setattr("gitops_gen.evidence.helm.ask", asked_while_it_changes)
        verify(root_of(tmp_path), stated={URL: "."})
    sound.write_text(text)

    assert set(judge().asked) == {"metadata", "render"}


def archive(files: Mapping[str, str | bytes], kind: bytes = tarfile.REGTYPE) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size, member.type = len(data), kind
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


OWN = json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": {"$ref": "#/b"}}, "b": {}})
OTHERS = json.dumps({"properties": {"a": {"$ref": "file:///somewhere.json"}}})
PART = {"part/Chart.yaml": "apiVersion: v2\nname: part\nversion: 1.0.0\n"}
SCHEMA = "part/values.schema.json"


@pytest.mark.parametrize(
    ("name", "content", "is_kept"),
    [
        ("values.schema.json", OWN.encode(), True),
        ("values.schema.json", OTHERS.encode(), False),
        ("values.schema.json", OTHERS.replace("$", "\\u0024").encode(), False),
        ("values.schema.json", OTHERS.replace("e", "\\u0065").encode(), False),
        ("values.schema.json", json.dumps({"description": "<\u00e9>\n"}).encode(), True),
        ("values.schema.json", OTHERS.replace("file:///", "https://json-schema.org/").encode(), False),
        ("charts/part/values.schema.json", OTHERS.encode(), False),
        ("charts/part.tgz", archive({**PART, SCHEMA: OWN}), True),
        ("charts/part.tgz", archive({**PART, SCHEMA: OTHERS}), False),
        ("charts/part.tgz", archive({**PART, f"{SCHEMA}/.": OTHERS}), False),
        ("charts/part.tgz", archive({**PART, SCHEMA: OTHERS}, kind=b"Z"), False),
        ("charts/part.tgz", archive({**PART, "part/charts/a.tgz": archive({"a/values.schema.json": OTHERS})}), False),
        ("charts/part.tgz", archive({**PART, "part/README.md": bytes(chart_content._MOST)}), False),
        ("charts/part.tgz", archive({**PART, SCHEMA: OWN})[:-30], False),
        ("charts/part.tgz", b"no archive", False),
        ("README.md", OTHERS.encode(), True),
    ],
)
def test_a_chart_that_something_else_decides_is_not_kept(
    tmp_path: Path, name: str, content: bytes, *, is_kept: bool
) -> None:
    (tmp_path / "chart" / name).parent.mkdir(parents=True)
    (tmp_path / "chart" / name).write_bytes(content)
    assert chart_content.is_self_contained(str(tmp_path / "chart")) is is_kept


def test_what_is_damaged_in_any_way_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    whole = archive({**PART, SCHEMA: OWN})
    for at in range(len(whole)):
        (tmp_path / "charts" / "part.tgz").write_bytes(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :])
        chart_content.is_self_contained(str(tmp_path))


def test_archives_share_the_room(tmp_path: Path) -> None:
    (tmp_path / "charts").mkdir()
    for name in ("one", "two"):
        half = bytes(chart_content._MOST // 2)
        (tmp_path / "charts" / f"{name}.tgz").write_bytes(archive({**PART, "part/README.md": half}))
    assert not chart_content.is_self_contained(str(tmp_path))
    (tmp_path / "charts" / "two.tgz").unlink()
    assert chart_content.is_self_contained(str(tmp_path))


def test_a_schema_that_names_others_is_asked_each_time(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"type": "integer"}')
    schema = {"properties": {"replicas": {"$ref": other.as_uri()}}}
    (root_of(tmp_path) / CHART / "values.schema.json").write_text(json.dumps(schema))
    first = judge()
    other.write_text('{"type": "string"}')

    second = judge()

    assert set(second.asked) == {"metadata", "render"}
    assert first.problems != second.problems


def test_a_chart_that_is_built_here_is_asked_each_time(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"type": "integer"}')
    schema = json.dumps({"properties": {"size": {"$ref": other.as_uri()}}})
    part = {"Chart.yaml": "apiVersion: v2\nname: part\nversion: 1.0.0\n", "values.schema.json": schema}
    (root_of(tmp_path) / "charts/part").mkdir()
    for name, text in {**part, "values.yaml": "size: 1\n"}.items():
        (root_of(tmp_path) / "charts/part" / name).write_text(text)
    edit(tmp_path, f"{CHART}/Chart.yaml", "version: 0.1.0", "version: 0.1.0\ndependencies: [part]")
    edit(tmp_path, f"{CHART}/Chart.yaml", "part", '{name: part, version: 1.0.0, repository: "file://../part"}')
    first = judge()
    size = kept_file(tmp_path).stat().st_size
    other.write_text('{"type": "string"}')

    second = judge()

    assert first.problems != second.problems
    assert kept_file(tmp_path).stat().st_size == size


def test_a_chart_is_what_its_links_lead_to(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    elsewhere = tmp_path / "elsewhere"
    (root_of(tmp_path) / CHART / "templates").rename(elsewhere)
    (root_of(tmp_path) / CHART / "templates").symlink_to(elsewhere)
    first = judge()
    assert judge() == Judged(first.problems, [])
    (elsewhere / "more.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: more}\n")
    assert set(judge().asked) == {"metadata", "render"}


def test_a_chart_that_leads_back_to_itself_or_is_no_file_is_none(tmp_path: Path) -> None:
    assert chart_content.digest_of_chart(str(tmp_path)) is not None
    (tmp_path / "pipe").symlink_to("/dev/null")
    assert chart_content.digest_of_chart(str(tmp_path)) is None
    (tmp_path / "pipe").unlink()
    (tmp_path / "loop").symlink_to(tmp_path)
    assert chart_content.digest_of_chart(str(tmp_path)) is None


def test_a_chart_whose_links_multiply_is_none(tmp_path: Path) -> None:
    for level in range(25):
        (tmp_path / str(level)).mkdir()
        for link in ("a", "b"):
            (tmp_path / str(level) / link).symlink_to(f"../{level + 1}")
    (tmp_path / "25").mkdir()
    assert chart_content.digest_of_chart(str(tmp_path)) is None


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_file_that_has_more_than_the_file_system_says_is_none(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/proc/self/maps")
    assert chart_content.digest_of_chart(str(tmp_path)) is None


def test_a_chart_that_is_too_large_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("x" * 60)
    (tmp_path / "b").write_text("x" * 60)
    assert chart_content.digest_of_chart(str(tmp_path)) is not None
    monkeypatch.setattr(chart_content, "_MOST", 2 * chart_content._NAME + 100)
    assert chart_content.digest_of_chart(str(tmp_path)) is None


def test_names_and_folders_are_part_of_a_chart(tmp_path: Path) -> None:
    seen = [chart_content.digest_of_chart(str(tmp_path))]
    for change in (
        lambda: (tmp_path / "a").write_text("b"),
        lambda: (tmp_path / "a").rename(tmp_path / "b"),
        (tmp_path / "c").mkdir,
        lambda: (tmp_path / "b").rename(tmp_path / "c" / "b"),
    ):
        change()
        seen.append(chart_content.digest_of_chart(str(tmp_path)))
    assert len(set(seen)) == len(seen)


def test_what_a_file_is_called_is_not_taken_for_what_is_in_another(tmp_path: Path) -> None:
    two, one = tmp_path / "two", tmp_path / "one"
    for folder, files in (
        (two, {"v": "abc", "values.yaml": "secret: db\n"}),
        (one, {"v\n3\nabcvalues.yaml": "secret: db\n"}),
    ):
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
    assert chart_content.digest_of_chart(str(two)) != chart_content.digest_of_chart(str(one))


def test_there_is_room_for_what_was_used_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, judge: Callable[[], Judged]
) -> None:
    judge()
    monkeypatch.setattr(kept, "_MOST", kept_file(tmp_path).stat().st_size)
    edit(tmp_path, DEPLOYMENT, "{{ .Release.Name }}", "{{ .Release.Namespace }}")
    judge()
    assert judge().asked == []
    edit(tmp_path, DEPLOYMENT, "{{ .Release.Namespace }}", "{{ .Release.Name }}")
    assert judge().asked == ["render"]


def test_what_nobody_has_asked_for_in_a_month_goes(tmp_path: Path, judge: Callable[[], Judged]) -> None:
    judge()
    file = kept_file(tmp_path)
    old, new = file.with_name("old"), file.with_name("new")
    old.touch()
    new.touch()
    os.utime(old, (0, time.time() - kept._OLD_SECONDS - 10))
    os.utime(new, (0, time.time() - kept._OLD_SECONDS + 1000))
    edit(tmp_path, DEPLOYMENT, "{{ .Release.Name }}", "{{ .Release.Namespace }}")
    judge()
    assert sorted(each.name for each in file.parent.iterdir()) == sorted([file.name, "new"])


def test_what_is_about_to_be_written_is_judged_without_it(tmp_path: Path, asked: list[str]) -> None:
    tree = real()
    verify_rendered(tree.root, tree.files, output=tree.folder)
    first = asked.copy()
    asked.clear()
    verify_rendered(tree.root, tree.files, output=tree.folder)
    assert asked == first
    assert "render" in asked
    assert not (tmp_path / "caches").exists()


@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({"XDG_CACHE_HOME": "/caches", "HOME": "/home/one"}, "/caches/gitops-gen/helm"),
        ({"XDG_CACHE_HOME": "caches", "HOME": "/home/one"}, "/home/one/.cache/gitops-gen/helm"),
        ({"XDG_CACHE_HOME": "", "HOME": "/home/one"}, "/home/one/.cache/gitops-gen/helm"),
        ({"HOME": "/home/one"}, "/home/one/.cache/gitops-gen/helm"),
        ({"HOME": "home"}, None),
    ],
)
def test_it_is_in_the_users_own_folder(
    monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str], folder: str | None
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    path = kept_path.path_for("/some/root")
    assert (path and os.path.dirname(path)) == folder  # noqa: PTH120
