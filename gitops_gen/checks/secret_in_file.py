"""No file holds a secret: no key, no token, no password in plain text.

What is in git stays in its history, and in every clone of it, after the line is removed. Whoever may read the
repository has the secret. The values of charts and the files of Terraform are where one slips in most easily. What is
found is told by its shape and its place; the text itself is never shown. In files that are not generated, what is a
password by its key only, or looks random, is a warning, and a placeholder, what names a secret, and what a tag makes
something of (!Ref, !vault) are none. A text that is a file of JSON, YAML or properties by itself, a connection string
or an option is looked into, which is a warning. Of the templates of charts, the passwords are told that Helm leaves as
they are written; of a configuration of Terraform, those that are constants.

Fix: revoke the secret, since it is known now; put a new one into Secrets Manager, and read it with an ExternalSecret.

Source: bc-detect-secrets, the shapes of keys and tokens; Git, "Removing sensitive data".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.alike import Sound
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import map_at, text_at
from gitops_gen.problems import Severity
from gitops_gen.secrets_guard import RANDOM, may_hold_password, suspect_leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps

_REVOKE = "revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
_CHART = "/Chart.yaml"
_TERRAFORM = ".tf"
_ENCRYPTED = frozenset({"SealedSecret"})
_BY_KEY = "in plain text"
"""How a finding ends that rests on the key alone: a placeholder has such a key too."""
_LOOSE = frozenset(
    f"looks like {each}"
    for each in (
        *("a URL with a password", "a JSON Web Token", "a key of Azure Storage"),
        *("a key of Twilio", "a key of Mailchimp", "a token of Discord"),
    )
)
"""Shapes that other texts have too, or that are public as often as not; the others have a prefix of their own."""


def _run(graph: Graph) -> Iterator[Finding]:
    sound = Sound()
    for file in graph.plain_files:
        for index, value in enumerate((file.variables,) if file.is_tfvars else file.documents.values):
            yield from sound.unless(id(value), _of_document, graph, file, index, value)
    if any(f"/{path}".endswith(_CHART) for path in graph.paths):
        from gitops_gen.checks.template_secrets import passwords_in_templates

        for at, key, reason in passwords_in_templates(graph):
            yield Finding(f"{key} {reason}", at, _REVOKE, severity=Severity.WARNING, cause=f"{at.path}: {key} {reason}")
    if any(path.endswith(_TERRAFORM) for path in graph.paths):
        from gitops_gen.checks.terraform_secrets import passwords_in_terraform

        for at, key, reason in passwords_in_terraform(graph):
            yield Finding(f"{key} {reason}", at, _REVOKE, severity=Severity.WARNING, cause=f"{at.path}: {key} {reason}")


def _of_document(graph: Graph, file: File, index: int, value: object) -> Iterator[Finding]:
    if text_at(value, "kind") not in _ENCRYPTED:
        document = _decoded(_without_sops(value))
        for steps, reason in suspect_leaves(document):
            place = Place(file.path, index, steps)
            if graph.is_ours(place) or not (_is_lookalike(document, steps, reason) or _is_tagged(file, place)):
                yield _finding(graph, place, reason)
        if document is not value or may_hold_password(file.text):
            yield from _within(file, index, document)


def _within(file: File, index: int, document: object) -> Iterator[Finding]:
    """Yields the passwords in texts that have a format of their own: what that is, is a guess."""
    from gitops_gen.checks.texts_within import passwords_within

    for steps, key in passwords_within(document):
        place = Place(file.path, index, steps)
        if not _is_tagged(file, place):
            message = f"{'.'.join(map(str, steps)) or 'the text'} holds a password in plain text, as {key}"
            yield Finding(message, place, _REVOKE, severity=Severity.WARNING, cause=message)


def _decoded(value: object) -> object:
    """Returns a Secret with the texts of its data as they are without base64, whose own shape says nothing."""
    if text_at(value, "kind") != "Secret" or not isinstance(value, dict):
        return value
    return {**value, "data": {key: _as_text(each) for key, each in map_at(value, "data").items()}}


def _as_text(value: object) -> object:
    import base64

    try:
        return base64.b64decode(value, validate=True).decode() if isinstance(value, str) else value
    except ValueError:  # no base64, or no text in it
        return value


def _without_sops(value: object) -> object:
    """Returns a document without what SOPS writes into one that it encrypts: data keys, which are encrypted too."""
    if not isinstance(value, dict) or text_at(value, "sops", "mac") is None:
        return value
    return {key: each for key, each in value.items() if key != "sops"}


def _finding(graph: Graph, place: Place, reason: str) -> Finding:
    message = f"{'.'.join(map(str, place.steps)) or 'the text'} {reason}"
    return Finding(
        message,
        place,
        _REVOKE,
        severity=by_mark(graph, place) if _is_loose(reason) else Severity.ERROR,
        cause=message,
    )


def _is_lookalike(document: object, steps: Steps, reason: str) -> bool:
    from gitops_gen.evidence.lookalikes import is_lookalike

    return is_lookalike(document, steps, reason)


def _is_tagged(file: File, place: Place) -> bool:
    return not file.is_tfvars and file.is_tagged(place)


def _is_loose(reason: str) -> bool:
    """True where a person has to look whether it is a secret."""
    return reason.endswith(_BY_KEY) or reason.startswith(RANDOM) or reason in _LOOSE


CHECK = Check("secret-in-file", _run, __doc__, is_of_files=True)
