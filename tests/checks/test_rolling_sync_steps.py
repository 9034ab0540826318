"""Steps of a rolling ApplicationSet, and who is in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found, found_in_wide
from tests.tools.generated import wide

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CODE = "rolling-sync-steps"

SET = """\
{mark}apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web}}
spec:
  goTemplate: true
  generators:
    - list: {{elements: [{{name: a, env: dev}}, {{name: b, env: prod}}, {{name: c, env: prod}}]}}
  strategy:
    type: RollingSync
    rollingSync: {{steps: {steps}}}
  template:
    metadata: {{name: "{{{{ .name }}}}", labels: {{env: "{{{{ .env }}}}"}}}}
    spec:
      destination: {{name: here}}
      syncPolicy: {policy}
"""

DEV = "{matchExpressions: [{key: env, operator: In, values: [dev]}]}"
PROD = "{matchExpressions: [{key: env, operator: In, values: [prod]}]}"


def of_steps(root: Path, *steps: str, policy: str = "{}", mark: str = "") -> list[str]:
    text = SET.format(steps=f"[{', '.join(steps)}]", policy=policy, mark=mark)
    return found(root, {"set.yaml": text}, CODE)


@pytest.mark.parametrize(
    "steps",
    [
        (DEV, PROD),
        (DEV, PROD.replace("}]}", "}], maxUpdate: 10%}")),
        (DEV, PROD.replace("}]}", "}], maxUpdate: 0}")),
        (DEV, "{matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}"),
        (DEV, "{matchExpressions: [{key: env, operator: In, values: [prod]}, {key: x, operator: NotIn, values: [y]}]}"),
        ("{}",),
    ],
)
def test_each_application_in_one_step_is_fine(tmp_path: Path, steps: tuple[str, ...]) -> None:
    assert of_steps(tmp_path, *steps) == []


def test_an_application_in_no_step_is_never_synced(tmp_path: Path) -> None:
    assert of_steps(tmp_path, DEV) == [
        (
            "set.yaml:10:26: error: b, c of ApplicationSet web is in no step, so it is never synced\n"
            "hint: match each label value in exactly one step\n"
            "set.yaml:7:46: this element\n"
            "set.yaml:12:45: its labels"
        ),
    ]


def test_an_application_in_two_steps_is_found(tmp_path: Path) -> None:
    assert of_steps(tmp_path, DEV, PROD, DEV) == [
        (
            "set.yaml:10:26: error: a of ApplicationSet web is in more than one step\n"
            "hint: match each label value in exactly one step\n"
            "set.yaml:7:25: this element\n"
            "set.yaml:12:45: its labels"
        ),
    ]


@pytest.mark.parametrize(("mark", "severity", "more"), [("", "warning", 0), (MARK, "error", 1)])
def test_a_step_that_matches_nothing_is_a_typo_or_useless(tmp_path: Path, mark: str, severity: str, more: int) -> None:
    other = PROD.replace("prod", "staging")
    assert of_steps(tmp_path, DEV, PROD, other, mark=mark) == [
        (
            f"set.yaml:{10 + more}:154: {severity}: step 3 of ApplicationSet web matches no Application\n"
            "hint: correct its labels and values, or remove it\n"
            f"set.yaml:{12 + more}:45: the labels of the Applications"
        ),
    ]


def test_an_operator_that_argo_cd_skips_matches_nothing(tmp_path: Path) -> None:
    got = of_steps(tmp_path, DEV, "{matchExpressions: [{key: env, operator: Exists}]}")
    assert [each.splitlines()[0] for each in got] == [
        "set.yaml:10:26: error: b, c of ApplicationSet web is in no step, so it is never synced",
        "set.yaml:10:90: warning: step 2 of ApplicationSet web matches no Application",
    ]


def test_an_operator_that_argo_cd_skips_takes_what_has_no_such_label(tmp_path: Path) -> None:
    """Argo CD, buildAppDependencyList: of a label that is not there, only the operator In is asked."""
    steps = f"[{DEV}, {{matchExpressions: [{{key: env, operator: In, values: [prod]}}, {{key: x, operator: Exists}}]}}]"
    for text in (SET, UNKNOWN):
        assert found(tmp_path, {"set.yaml": text.format(steps=steps, policy="{}", mark="")}, CODE) == []


def test_steps_that_are_not_there_switch_the_strategy_off(tmp_path: Path) -> None:
    assert of_steps(tmp_path) == [
        (
            "set.yaml:10:5: error: ApplicationSet web is of type RollingSync but has no steps, so the strategy is "
            "ignored\n"
            "hint: add steps, or remove the strategy"
        ),
    ]


@pytest.mark.parametrize("order", ["Reverse", "AllAtOnce"])
def test_an_order_of_deletion_without_steps_is_ignored(tmp_path: Path, order: str) -> None:
    text = SET.format(steps=f"[{DEV}, {PROD}]", policy="{}", mark="")
    start, _, rest = text.partition("  strategy:\n")
    rest = rest[rest.index("  template:") :]
    files = {"set.yaml": f"{start}  strategy: {{deletionOrder: {order}}}\n{rest}"}
    expected = (
        "warning: ApplicationSet web has deletionOrder: Reverse, and no steps of type RollingSync: it is ignored\n"
        "hint: add type: RollingSync with steps, or remove deletionOrder"
    )
    told = [each.partition(": ")[2] for each in found(tmp_path, files, CODE)]
    assert told == ([expected] if order == "Reverse" else [])


@pytest.mark.parametrize(("mark", "severity"), [(MARK, "error"), ("", "warning")])
def test_steps_of_another_type_are_ignored(tmp_path: Path, mark: str, severity: str) -> None:
    text = SET.format(steps=f"[{DEV}, {PROD}]", policy="{}", mark=mark).replace("    type: RollingSync\n", "")
    (got,) = found(tmp_path, {"set.yaml": text}, CODE)
    assert got == (
        f"set.yaml:{9 + len(mark.splitlines())}:5: {severity}: ApplicationSet web has steps, but its strategy is of "
        "type AllAtOnce, so they are ignored\n"
        "hint: write type: RollingSync, or remove the steps"
    )


def test_a_limit_that_is_neither_number_nor_percentage_is_found(tmp_path: Path) -> None:
    assert of_steps(tmp_path, DEV, PROD.replace("}]}", "}], maxUpdate: '2'}")) == [
        (
            "set.yaml:10:164: error: maxUpdate of step 2: got '2', expected a number or a percentage such as 10%\n"
            "hint: write a number without quotes, or a percentage"
        ),
    ]


WITHOUT_IT = "remove syncPolicy.automated, or the strategy"
WITH_PRUNE = "leave no more of it than prune: true, which the steps go by, or remove the strategy"


@pytest.mark.parametrize(
    ("policy", "hint"),
    [("{automated: {selfHeal: true}}", WITHOUT_IT), ("{automated: {prune: true, selfHeal: true}}", WITH_PRUNE)],
)
def test_automated_sync_that_the_strategy_switches_off_is_found(tmp_path: Path, policy: str, hint: str) -> None:
    assert of_steps(tmp_path, DEV, PROD, policy=policy) == [
        (
            "set.yaml:15:31: warning: ApplicationSet web asks for automated sync of a, b, c, which RollingSync "
            f"switches off\nhint: {hint}"
        ),
    ]


UNKNOWN = SET.replace(
    "list: {{elements: [{{name: a, env: dev}}, {{name: b, env: prod}}, {{name: c, env: prod}}]}}", "clusters: {{}}"
)
"""The same for clusters that nobody knows here."""
NO_STEP = (
    "set.yaml:10:26: error: no step of ApplicationSet web takes any of its Applications, whatever its generators make, "
    "so they are never synced\n"
    "hint: give the template the labels that the steps ask for\n"
)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ('{env: "{{ .metadata.labels.env }}"}', []),
        ("{env: dev}", ["2"]),
        ("{env: prod}", ["1"]),
        ("{'{{ .name }}': dev}", []),
    ],
)
def test_what_a_template_says_for_all_its_elements_is_known(tmp_path: Path, labels: str, told: list[str]) -> None:
    text = UNKNOWN.format(steps=f"[{DEV}, {PROD}]", policy="{}", mark="")
    files = {"set.yaml": text.replace('{env: "{{ .env }}"}', labels)}
    assert [each.splitlines()[0].split("warning: ")[1] for each in found(tmp_path, files, CODE)] == [
        f"step {number} of ApplicationSet web matches no Application" for number in told
    ]


@pytest.mark.parametrize("labels", [', labels: {env: test, a: "{{ .name }}"}', ", labels: {stage: dev}", ""])
def test_steps_that_take_nothing_whatever_the_elements_are_are_found(tmp_path: Path, labels: str) -> None:
    text = UNKNOWN.format(steps=f"[{DEV}, {PROD}]", policy="{}", mark="")
    text = text.replace(', labels: {env: "{{ .env }}"}', labels)
    (got,) = found(tmp_path, {"set.yaml": text}, CODE)
    assert got.startswith(NO_STEP)
    by_generator = text.replace("clusters: {}", "clusters: {template: {metadata: {labels: {env: dev}}, spec: {}}}")
    assert len([each for each in found(tmp_path, {"set.yaml": by_generator}, CODE) if "error:" in each]) == 0
    assert found(tmp_path, {"set.yaml": f"{text}  templatePatch: '{{}}'\n"}, CODE) == []
    steps = text.replace("In, values: [dev]", "NotIn, values: [dev]")
    assert [each for each in found(tmp_path, {"set.yaml": steps}, CODE) if "error:" in each] == []


def test_automated_sync_of_elements_that_nobody_knows_is_switched_off_too(tmp_path: Path) -> None:
    policies = {"{automated: {prune: true}}": 1, "{automated: {enabled: false}}": 0}
    for policy, count in policies.items():
        text = UNKNOWN.format(steps=f"[{DEV}, {PROD}]", policy=policy, mark="")
        expected = (
            "set.yaml:15:31: warning: ApplicationSet web asks for automated sync, which RollingSync switches off\n"
            f"hint: {WITH_PRUNE}"
        )
        assert found(tmp_path, {"set.yaml": text}, CODE) == [expected] * count


PAYMENTS = "argocd/applicationsets/payments.yaml"


def test_a_step_of_ours_leaves_what_is_not_automated_to_a_person() -> None:
    assert found_in_wide(CODE, PAYMENTS, ("          maxUpdate: 0\n", "")) == [
        (
            f"platform/generated/{PAYMENTS}:137:11: error: step 3 of ApplicationSet payments syncs "
            "payments-staging-apne3, which is not automated\n"
            "hint: write maxUpdate: 0, and a person syncs what is in the step\n"
            f"platform/generated/{PAYMENTS}:49:13: this element"
        )
    ]


@pytest.mark.parametrize(
    ("order", "one", "other", "line"),
    [((0, 4, 1, 2, 3, 5), "3", "1", 137), ((0, 2, 1, 3, 4, 5), "1, by hand", "1", 138)],
)
def test_a_step_of_ours_waits_for_the_stages_before_it(order: Sequence[int], one: str, other: str, line: int) -> None:
    steps = wide().files[PAYMENTS].partition("      steps:\n")[2].partition("  template:\n")[0]
    each = [f"        - matchExpressions:{step}" for step in steps.split("        - matchExpressions:")[1:]]
    assert found_in_wide(CODE, PAYMENTS, (steps, "".join(each[number] for number in order))) == [
        (
            f"platform/generated/{PAYMENTS}:128:11: error: step 2 of ApplicationSet payments is for stage {one}, and "
            f"step 3 behind it for stage {other}\n"
            "hint: order the steps by stage and, in a stage, what a person syncs last\n"
            f"platform/generated/{PAYMENTS}:{line}:11: this step has to wait for it"
        )
    ]


def test_a_set_of_ours_without_steps_and_policy_is_never_synced() -> None:
    strategy = wide().files[PAYMENTS].partition("  strategy:\n")[2].partition("  template:\n")[0]
    assert found_in_wide(CODE, PAYMENTS, (f"  strategy:\n{strategy}", "")) == [
        (
            f"platform/generated/{PAYMENTS}:11:3: error: payments-dev-blue, payments-playground, "
            "payments-test-euc1 and 3 more of ApplicationSet payments has the label automated, and neither "
            "a step nor syncPolicy.automated syncs it\n"
            "hint: add the strategy with its steps\n"
            f"platform/generated/{PAYMENTS}:119:9: its labels"
        )
    ]
