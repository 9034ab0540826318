"""What is read ahead is what would be read without it, and where it ends, the rest is read as ever."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.files import File, Files
from gitops_gen.evidence.folders import Folders
from gitops_gen.evidence.parsers import Parsers
from gitops_gen.evidence.reading_ahead import ReadAhead, has_chart
from gitops_gen.evidence.repositories import Repositories, repositories
from gitops_gen.yaml_reader.limits import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from gitops_gen.evidence.reading_ahead import Ahead
    from gitops_gen.source import Documents

CONTENTS = {
    "plain.yaml": b"a: 1\n",
    "a/crlf.yml": b"a: 1\r\nb: 2\r\n",
    "a/umlaut.yaml": "a: Zürich\n".encode(),
    "a/b/vars.tfvars": b'a = "x"\n',
    "a/b/notes.md": b"# Notes\n",
    "a/b/empty.yaml": b"",
    "odd/mark.yaml": b"\xef\xbb\xbfa: 1\n",
    "odd/utf16.yaml": b"\xff\xfea\0:\0",
    "odd/latin.yaml": b"a: Z\xfcrich\n",
    "odd/nul.yaml": b"a: \0\n",
    "odd/bell.yaml": b"a: \x07\n",
    "odd/binary.yaml": b"\x01\x02\x03\x04",
    "odd/late-nul.yaml": b"a: " + b"x" * 9000 + b"\0",
    "odd/late.yaml": b"a: " + b"x" * 9000 + b"\x07\n",
}
JUDGED = ("a", "odd", "plain.yaml", "nowhere")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    for path, content in CONTENTS.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    (root / "a/inside.yaml").symlink_to("crlf.yml")
    (tmp_path / "secret.yaml").write_text("a: 1\n")
    (root / "odd/outside.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "odd/nothing.yaml").symlink_to("none.yaml")
    (root / "odd/huge.yaml").touch()
    os.truncate(root / "odd/huge.yaml", MAX_BYTES + 1)
    os.mkfifo(root / "odd/pipe.yaml")
    return root


def ask() -> Repositories:
    """What git would tell."""
    return repositories({"https://example.com/a.git": str(os.getpid())})


def are_sound(read: Ahead, known: Repositories) -> bool:
    """Whether no file says what is not sound."""
    return not any("unsound" in file.text for file in read.files(Parsers()))


def everything(files: Files) -> tuple[dict[str, str | None], list[tuple[str, str]]]:
    """The text of every file, or None, and what is said of those that cannot be read."""
    paths = [path for folder in JUDGED for path in files.under(folder)]
    found = {path: files.get(path) for path in [*paths, "plain.yaml", "a/none.yaml"]}
    texts = {path: None if file is None else file.text for path, file in found.items()}
    return texts, [(str(each.at), each.code) for each in files.problems]


def test_it_is_told_without_waiting_whether_the_texts_are_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    real = Folders.read

    def late(self: Folders, path: str) -> bytes | None:
        if path == "plain.yaml":
            os.read(read, 1)
        return real(self, path)

    monkeypatch.setattr(Folders, "read", late)
    with ReadAhead(root, JUDGED, ask, are_sound) as ahead:
        assert not ahead.are_there()
        os.write(write, b".")
        while not ahead.are_there():
            time.sleep(0.01)
        assert [path for path, _, _ in ahead.texts() if path.startswith("plain")] == ["plain.yaml"]


def test_every_file_reads_as_without_it(root: Path) -> None:
    alone = everything(Files(root))
    with ReadAhead(root, JUDGED, ask, are_sound) as ahead:
        assert everything(Files(root, ahead)) == alone
    assert len(alone[0]) == len(CONTENTS) + 6
    assert sorted(alone[1]) == [
        ("odd/binary.yaml", "binary-file"),
        ("odd/huge.yaml", "file-too-large"),
        ("odd/late-nul.yaml:1:9004", "binary-file"),
        ("odd/latin.yaml:1:5", "not-utf8"),
        ("odd/nothing.yaml", "unreadable-file"),
        ("odd/nul.yaml:1:4", "binary-file"),
        ("odd/outside.yaml", "symlink-outside"),
        ("odd/utf16.yaml:1:1", "not-utf8"),
    ]


def test_what_is_plain_comes_from_the_other_process(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ReadAhead(root, JUDGED, ask, are_sound) as ahead:
        files = Files(root, ahead)
        monkeypatch.setattr(Folders, "_list", None)
        monkeypatch.setattr(Folders, "read", None)
        found = [files.get(path) for path in files.under("a") if path.endswith(("crlf.yml", "umlaut.yaml", "tfvars"))]
        assert [file.text for file in found if file] == ["a: 1\r\nb: 2\r\n", "a: Zürich\n", 'a = "x"\n']


def test_what_comes_of_many_is_parsed_at_once_but_for_what_is_seldom_asked_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gitops_gen.evidence.reading_ahead.MANY", 0)
    for path in ("a/templates/deployment.yaml", "a/.hidden/a.yaml", ".hidden.yaml"):
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text("a: 1\n")
    parsed: list[str] = []
    monkeypatch.setattr(File, "manifests", property(lambda file: parsed.append(file.path)))
    monkeypatch.setattr(File, "variables", property(lambda file: parsed.append(file.path)))
    with ReadAhead(root, (".",), ask, are_sound) as ahead:
        files = Files(root, ahead)
    assert parsed == [
        "plain.yaml",
        "a/crlf.yml",
        "a/umlaut.yaml",
        "a/b/empty.yaml",
        "a/b/vars.tfvars",
        "odd/late.yaml",
    ]
    assert [file.text for path in ("a/.hidden/a.yaml", "a/templates/deployment.yaml") if (file := files.get(path))] == [
        "a: 1\n",
        "a: 1\n",
    ]


@pytest.mark.parametrize("sent", [0, 1, 2])
def test_where_it_ends_the_rest_is_read_as_ever(root: Path, monkeypatch: pytest.MonkeyPatch, sent: int) -> None:
    from gitops_gen.evidence import reading_ahead

    real = reading_ahead._read

    def read(root: Path, folders: Sequence[str], *others: Callable[..., object]) -> Iterator[object]:
        for number, value in enumerate(real(root, folders, *others)):  # type: ignore[arg-type]
            if number == sent:
                raise OSError
            yield value

    alone = everything(Files(root))
    monkeypatch.setattr(reading_ahead, "_AT_ONCE", 0)
    monkeypatch.setattr(reading_ahead, "_read", read)
    with ReadAhead(root, JUDGED, ask, are_sound) as ahead:
        assert everything(Files(root, ahead)) == alone


@pytest.mark.parametrize(
    ("chart", "is_seen"),
    [
        ("Chart.yaml", True),
        ("charts/Chart.yaml", True),
        ("charts/app/Chart.yaml", True),
        ("infra/charts/app/Chart.yaml", True),
        ("deep/down/charts/app/Chart.yaml", False),
        (".hidden/app/Chart.yaml", False),
        ("node_modules/app/Chart.yaml", False),
        ("charts/app/values.yaml", False),
    ],
)
def test_a_chart_is_looked_for_near_the_top(root: Path, chart: str, *, is_seen: bool) -> None:
    (root / chart).parent.mkdir(parents=True, exist_ok=True)
    (root / chart).write_text("name: app\n")
    assert has_chart(root) is is_seen


def test_a_chart_is_not_looked_for_without_end(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number:03}").mkdir()
    (tmp_path / "199" / "Chart.yaml").write_text("name: app\n")
    assert has_chart(tmp_path) is False


def test_beside_charts_no_more_is_read_ahead_than_what_is_judged(tmp_path: Path) -> None:
    for path in ("output/a.yaml", "output/b.yaml", *(f"charts/app/{name}.yaml" for name in ("Chart", "c", "d"))):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("a: 1\n")
    with ReadAhead(tmp_path, ("output",), ask, are_sound) as ahead:
        read = [path for path, _, _ in ahead.texts()]
    assert read == ["output/a.yaml", "output/b.yaml", "charts/app/Chart.yaml", "charts/app/c.yaml"]


SAID = {
    "output/plain.yaml": "a: 1\n---\nb: [x, 1.5, true, null]\n",
    "output/alike.yaml": "a: 1\n---\nb: [x, 1.5, true, null]\n",
    "output/filled.yaml": 'a: "one"\n',
    "output/filled-too.yaml": 'a: "two"\n',
    "output/object.yaml": "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: app\n",
    "output/templates/seldom.yaml": "a: 1\n",
    "output/broken.yaml": "a: [\n",
    "output/doubtful.yaml": "a: yes\n",
    "output/alias.yaml": "a: &a {b: 1}\nc: *a\n",
    "output/a.tfvars": 'a = "x"\n\nb = {\n  c = [\n    "y",\n  ]\n}\n',
    "output/calculated.tfvars": 'a = "x" == "y"\n',
    "output/b.tfvars.json": '{"a": "x"}\n',
    "charts/app/Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.2.3\n",
    "charts/app/values.yaml": "replicas: 2\n",
    "charts/app/templates/a.yaml": "a: 1\n",
}
KNOWN = (
    *("output/a.tfvars", "output/alike.yaml", "output/filled-too.yaml", "output/filled.yaml", "output/object.yaml"),
    *("output/plain.yaml", "charts/app/Chart.yaml", "charts/app/values.yaml"),
)


def said(file: File) -> tuple[object, ...]:
    """All that a file says."""
    if file.is_tfvars:
        return file.variables, str(file.hcl_problem), file.is_plain_hcl
    documents = file.documents
    objects = [(str(each), each.place) for each in file.manifests]
    return documents.values, documents.problems, documents.doubts, documents.misread, objects, documents.locate(0, ())


def test_what_few_files_say_is_told_as_it_would_be_read_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path, text in SAID.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    alone = Files(tmp_path)
    expected = {path: said(file) for path in SAID if (file := alone.get(path))}
    with ReadAhead(tmp_path, ("output",), ask, are_sound) as ahead:
        files = Files(tmp_path, ahead)
    found = {path: file for path in SAID if (file := files.get(path))}
    with monkeypatch.context() as patch:
        patch.setattr("gitops_gen.evidence.parsers.Parsers.variables", None)
        patch.setattr("gitops_gen.yaml_reader.shared.SharedReader.documents", None)
        assert {path: said(found[path]) for path in KNOWN} == {path: expected[path] for path in KNOWN}
    assert {path: said(file) for path, file in found.items()} == expected
    assert tuple(path for path, file in sorted(found.items(), key=by_folder) if file.known is not None) == KNOWN
    first, second = found["output/plain.yaml"].documents.values, found["output/alike.yaml"].documents.values
    assert [one is other for one, other in zip(first, second, strict=True)] == [True, True]


def by_folder(entry: tuple[str, File]) -> tuple[bool, str]:
    """First what is judged."""
    return not entry[0].startswith("output/"), entry[0]


def test_of_many_files_nothing_is_said_but_their_texts(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gitops_gen.evidence.reading_ahead.MANY", 3)
    with ReadAhead(root, JUDGED, ask, are_sound) as ahead:
        assert {known for _, _, known in ahead.texts()} == {None}
        assert ahead.repositories() is not None
        assert ahead.are_sound() is False


@pytest.mark.parametrize(("text", "is_sound"), [("a: 1\n", True), ("a: unsound\n", False)])
def test_few_files_are_judged_by_the_other_process(root: Path, text: str, *, is_sound: bool) -> None:
    (root / "a/text.yaml").write_text(text)
    with ReadAhead(root, JUDGED, ask, are_sound) as ahead:
        Files(root, ahead)
        ahead.repositories()
        assert ahead.are_sound() is is_sound


def test_what_the_other_process_has_parsed_it_judges_without_parsing_it_again(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "a/odd.yaml").write_text("on: n\n")
    real, read, write = File.documents, *os.pipe()

    def documents(file: File) -> Documents:
        os.write(write, b".")
        return real._compute(file)

    monkeypatch.setattr(File, "documents", cached_property(documents))

    def look(read: Ahead, known: Repositories) -> bool:
        return [len(file.documents.values) for file in read.files(Parsers()) if file.path == "a/odd.yaml"] == [1]

    with ReadAhead(root, ("a/odd.yaml",), ask, look) as ahead:
        assert [path for path, _, known in ahead.texts() if known is None] == ["a/odd.yaml"]
        ahead.repositories()
        assert ahead.are_sound()
    os.close(write)
    assert os.read(read, 9) == b"."


def test_where_they_cannot_be_judged_they_are_not_sound(root: Path) -> None:
    def fail(read: Ahead, known: Repositories) -> bool:
        raise OSError

    with ReadAhead(root, JUDGED, ask, fail) as ahead:
        Files(root, ahead)
        assert ahead.repositories() is not None
        assert ahead.are_sound() is False


def test_a_folder_without_a_file_is_read_ahead_too(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    with ReadAhead(tmp_path, ("a",), ask, are_sound) as ahead:
        assert list(ahead.texts()) == []
        assert list(ahead.listings()) == [".", "a", "a/b"]
        assert ahead.repositories() is not None
        assert ahead.are_sound()


def test_git_is_asked_by_the_other_process_at_last(root: Path) -> None:
    with ReadAhead(root, JUDGED, ask, are_sound) as ahead:
        Files(root, ahead)
        found = ahead.repositories()
        assert found is not None
        (checkout,) = found.checkouts.values()
        assert checkout.folder not in ("", str(os.getpid()))


def test_where_it_cannot_be_asked_the_files_are_there(root: Path) -> None:
    def fail() -> Repositories:
        raise OSError

    alone = everything(Files(root))
    with ReadAhead(root, JUDGED, fail, are_sound) as ahead:
        assert everything(Files(root, ahead)) == alone
        assert ahead.repositories() is None
