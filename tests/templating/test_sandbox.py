"""What a template may write, reach and use."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, StrictUndefined, TemplateAssertionError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError

from gitops_gen.formats import EncodingError
from gitops_gen.model import GitopsRepo
from gitops_gen.templating.bounds import SIZE_LIMIT, TooMuchError
from gitops_gen.templating.budget import STEP_LIMIT
from gitops_gen.templating.encoders import ENCODERS
from gitops_gen.templating.sandbox import PathSandbox, Sandbox
from gitops_gen.templating.substitutions import UnencodedError, encoders_of
from gitops_gen.templating.syntax_tree import SyntaxTree

REPO = GitopsRepo(url="https://github.com/example/shop.git", revision="main", path="output")
UNENCODED = "a value is written without an encoder at its end: | bare, | hcl, | markdown, | yaml"
OTHERS = {
    "row.j2": "<% macro row(x) %><%= x | yaml %><% endmacro %>",
    "wrap.j2": "<% macro wrap() %>[<%= caller() %>]<% endmacro %>",
    "part.j2": "part: <%= name | yaml %>\n",
    "base.j2": "<% block body %>base: <%= name | yaml %>\n<% endblock %>",
}


def render(template: str, sandbox: Sandbox | None = None, **context: object) -> str:
    sandbox = sandbox or Sandbox(DictLoader({**OTHERS, "main.j2": template}))
    sandbox.begin()
    return sandbox.get_template("main.j2").render(name="no", repo=REPO, **context)


# What is written.


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("<%= name | yaml %>", '"no"'),
        ("<%= name | hcl %>", '"no"'),
        ("<%= name | bare %>", "no"),
        ("<%= name | markdown %>", "no"),
        ("<%= name | upper | yaml %>", '"NO"'),
        ("<%= (name ~ '!') | yaml %>", '"no!"'),
        ("<%= [name] | yaml(indent=2) %>", '- "no"'),
        ("{{ .name }} ${name} <%# not written %>", "{{ .name }} ${name} "),
        ("#: if name\nyes\n#: else\nno\n#: endif\n", "yes\n"),
        ("#: for x in [1, 2]\n- <%= x | yaml %>\n#: endfor\n", "- 1\n- 2\n"),
        ("<% set x = name %><%= x | yaml %>", '"no"'),
        ("<% set x %>a <%= name | yaml %><% endset %><%= x | yaml %>", "'a \"no\"'"),
        ("<% with x = name %><%= x | yaml %><% endwith %>", '"no"'),
        ("<% macro row(x) %><%= x | yaml %><% endmacro %><%= row(name) %>", '"no"'),
        ("<% macro wrap() %>[<%= caller() %>]<% endmacro %><% call wrap() %><%= 1 | yaml %><% endcall %>", "[1]"),
        ("<% from 'row.j2' import row %><%= row(name) %>", '"no"'),
        ("<% from 'row.j2' import row as line %><%= line(name) %>", '"no"'),
        ("<% from 'wrap.j2' import wrap %><% call wrap() %>a<% endcall %>", "[a]"),
        ("<% include 'part.j2' %>", 'part: "no"\n'),
        ("<% extends 'base.j2' %>", 'base: "no"\n'),
        ("<% extends 'base.j2' %><% block body %><%= super() %>more<% endblock %>", 'base: "no"\nmore'),
        ("<% raw %><%= name %><% endraw %>", "<%= name %>"),
        ("key:\n\n<% if true %>\n  a\n<% endif %>\n\nb\n", "key:\n\n  a\n\nb\n"),
    ],
)
def test_a_value_that_goes_through_an_encoder_is_written(template: str, text: str) -> None:
    assert render(template) == text


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("<%= name %>", 1),
        ("\n\n<%= name %>", 3),
        ("<%= 'text' %>", 1),
        ("<%= 1 %>", 1),
        ("<%= name | upper %>", 1),
        ("<%= name | yaml | upper %>", 1),
        ("<%= name | yaml ~ 'a' %>", 1),
        ("<%= (name | yaml) + 'a' %>", 1),
        ("<%= name | yaml if name else name %>", 1),
        ("<%= name | yaml if name %>", 1),
        ("<%= (name | yaml) or name %>", 1),
        ("<%= [name | yaml] %>", 1),
        ("<%= [name] | map('yaml') | first %>", 1),
        ("<%= name.upper() %>", 1),
        ("<%= repo.at('a') %>", 1),
        ("<%= range(3) %>", 1),
        ("<%= 1 | yaml == 1 %>", 1),
        ("<%= not name | yaml %>", 1),
        ("#: for x in [1]\n<%= x %>\n#: endfor\n", 2),
        ("#: for x in []\n#: else\n<%= name %>\n#: endfor\n", 3),
        ("#: if false\n<%= name %>\n#: endif\n", 2),
        ("#: if false\n#: elif true\n<%= name %>\n#: endif\n", 3),
        ("<% set x %>\n<%= name %>\n<% endset %>", 2),
        ("<% with x = 1 %>\n<%= x %>\n<% endwith %>", 2),
        ("<% macro row(x) %>\n<%= x %>\n<% endmacro %>", 2),
        ("<% block a %>\n<%= name %>\n<% endblock %>", 2),
        ("<% from 'row.j2' import row %><% call row(1) %>\n<%= name %>\n<% endcall %>", 2),
        ("<% from 'row.j2' import row as line %>\n<%= row(name) %>", 2),
        ("<% import 'row.j2' as lib %>\n<%= lib.row(name) %>", 2),
        ("<% block a %><% endblock %>\n<%= self.a() %>", 2),
        ("<%= name\n| upper %>", 2),
    ],
)
def test_a_value_without_an_encoder_at_its_end_is_refused_before_anything_is_rendered(template: str, line: int) -> None:
    with pytest.raises(UnencodedError) as caught:
        render(template)
    assert (caught.value.message, caught.value.lineno) == (UNENCODED, line)


@pytest.mark.parametrize(
    "template",
    [
        "<% macro at(x) %><% endmacro %><% set at = repo.at %><%= at('a: b') %>",
        "<% macro at(x) %><% endmacro %><% for at in [repo.at] %><%= at('a: b') %><% endfor %>",
        "<% macro at(x) %><% endmacro %><% with at = repo.at %><%= at('a: b') %><% endwith %>",
        "<% macro at(x) %><% endmacro %><% macro b(at) %><%= at('a: b') %><% endmacro %><%= b(repo.at) %>",
        "<% set caller = repo.at %><%= caller('a: b') %>",
        "<% from 'row.j2' import row %><% set row = repo.at %><%= row('a: b') %>",
        "<% call namespace() %>a<% endcall %>",
        "<% call repo.at() %>a<% endcall %>",
    ],
)
def test_what_only_has_the_name_of_a_macro_is_no_macro(template: str) -> None:
    with pytest.raises(UnencodedError, match=r"^a value is written without an encoder at its end"):
        render(template)


@pytest.mark.parametrize(
    "template",
    [
        "\n<% filter upper %><%= name | yaml %><% endfilter %>",
        "\n<% autoescape true %><%= name | yaml %><% endautoescape %>",
    ],
)
def test_a_block_that_changes_what_is_encoded_is_refused(template: str) -> None:
    with pytest.raises(UnencodedError) as caught:
        render(template)
    assert (caught.value.message, caught.value.lineno) == ("a block changes what is encoded already", 2)


@pytest.mark.parametrize(
    "template",
    [
        "<% include name %>",
        "<% include ['part.j2', 'row.j2'] %>",
        "<% extends name %>",
        "<% import name as lib %>",
        "<% from name import row %>",
        "<% include 'part' ~ '.j2' %>",
    ],
)
def test_the_name_of_another_template_must_be_written_as_text(template: str) -> None:
    with pytest.raises(UnencodedError, match=r"^the name of another template must be written as text$"):
        render(template)


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("\n<%= name | upperr | yaml %>", "there is no filter upperr"),
        ("\n<% if false %><%= name | upperr | yaml %><% endif %>", "there is no filter upperr"),
        ("\n<% if name is nice %><% endif %>", "there is no test nice"),
        ("\n<%= name | replace('a', 'b') | yaml %>", "there is no filter replace"),
        ("\n<% for x in [1] recursive %><% endfor %>", "a recursive loop is not counted; write a macro"),
    ],
)
def test_an_unknown_name_is_found_before_anything_is_rendered(template: str, message: str) -> None:
    with pytest.raises(TemplateAssertionError) as caught:
        render(template)
    assert (caught.value.message, caught.value.lineno) == (message, 2)


@pytest.mark.parametrize(
    "template", ["<% if %>", "<% endfor %>", "<%= name", "<%= | yaml %>", "<% do x %>", "#: if name\n", "<% break %>"]
)
def test_what_is_no_template_is_a_syntax_error(template: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        render(template)


def test_encoders_are_found_with_their_lines() -> None:
    text = "<%= a | yaml %>\n<% if a %>\n<%= a | upper | hcl %>\n<% endif %>\n<% macro m(x) %><%= x | bare %>"
    text += "<% endmacro %>"
    assert sorted(encoders_of(SyntaxTree(Sandbox().parse(text)))) == [("bare", 5), ("hcl", 3), ("yaml", 1)]
    assert frozenset({"yaml", "hcl", "markdown", "bare"}) == ENCODERS


# What is reached.


@pytest.mark.parametrize(
    "expression",
    [
        "repo.__class__",
        "repo['__class__']",
        "repo | attr('__class__')",
        "[repo] | map(attribute='__class__') | list",
        "[repo] | join('', '__class__')",
        "[repo.at] | join('', '__globals__')",
        "[repo] | sum('__class__')",
        "[repo] | groupby('__class__')",
        "[repo, repo] | sort(attribute='__class__')",
        "repo.at.__func__",
        "repo.at.__globals__",
        "name.__class__.__mro__",
        "name.format(1)",
        "'{:>9999999}'.format_map({})",
        "['{:>9999999}'] | map(attribute='format') | first",
        "name.encode()",
        "name.zfill(9999999)",
        "name.center(9999999)",
        "name.replace('a', 'b')",
        "''.join(['a'])",
        "[].append(1)",
        "[1].copy()",
        "{}.update({})",
        "(1).to_bytes(9999999, 'big')",
        "range.__class__",
        "(1.5).hex()",
    ],
)
def test_python_is_out_of_reach(expression: str) -> None:
    with pytest.raises((SecurityError, UndefinedError)):
        render(f"<%= ({expression}) | yaml %>")


def test_text_is_not_formatted_with_percent() -> None:
    with pytest.raises(SecurityError, match=r"^% formatting of text is not allowed in a template; use ~$"):
        render("<%= ('%s' % name) | yaml %>")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("name.startswith('n')", "true"),
        ("name.endswith('o')", "true"),
        ("name.removeprefix('n')", '"o"'),
        ("name.removesuffix('o')", '"n"'),
        ("'a,b'.split(',') | join('-')", '"a-b"'),
        ("{'a': 1}.get('a')", "1"),
        ("{'a': 1}.items() | list | first | first", '"a"'),
        ("{'a': 1}.keys() | join", '"a"'),
        ("{'a': 1}.values() | sum", "1"),
        ("repo.at('a')", '"output/a"'),
        ("repo.url", '"https://github.com/example/shop.git"'),
        ("7 % 4 + 2 ** 3 - 6 // 4", "10"),
        ("7 / 2", "3.5"),
        ("[repo] | map(attribute='path') | join", '"output"'),
        ("[repo, repo] | join(',', 'path')", '"output,output"'),
        ("[repo] | map(attribute='nothing', default='x') | join", '"x"'),
        ("[3, 1, 2] | sort | map('string') | join", '"123"'),
        ("'1f' | int(base=16)", "31"),
        ("'x' | int(7)", "7"),
        ("' a ' | trim | upper", '"A"'),
        ("'ab' | capitalize | lower | title", '"Ab"'),
        ("1 | string", '"1"'),
        ("range(3) | list | length", "3"),
        ("nothing | default('x')", '"x"'),
    ],
)
def test_what_is_kept_works(expression: str, value: str) -> None:
    assert render(f"<%= ({expression}) | yaml %>") == value


def test_the_filters_are_the_harmless_ones() -> None:
    assert set(Sandbox().filters) == {
        "abs", "attr", "capitalize", "count", "counted", "d", "default", "dictsort", "first", "groupby", "int", "items",
        "join", "last", "length", "list", "lower", "map", "max", "min", "reject", "rejectattr", "reverse", "select",
        "selectattr", "sort", "string", "sum", "title", "trim", "unique", "upper", "yaml", "hcl", "markdown", "bare",
    }  # fmt: skip
    assert set(Sandbox().globals) == {"range", "namespace"}


@pytest.mark.parametrize(
    "expression",
    [
        "repo",
        "repo.at",
        "[repo]",
        "none",
        "true",
        "namespace()",
        "range(3)",
        "[1] | map('string')",
    ],
)
@pytest.mark.parametrize(
    "written",
    [
        "(x | string)",
        "(x ~ 'a')",
        "('a' ~ x)",
        "([x] | join)",
        "(x | upper)",
        "(x | trim)",
        "(x | lower)",
        "(x | title)",
    ],
)
def test_nothing_but_text_and_numbers_becomes_text(expression: str, written: str) -> None:
    with pytest.raises(TypeError, match=r"^got .+, expected a text or a number$"):
        render(f"<% set x = {expression} %><%= {written} | yaml %>")


@pytest.mark.parametrize("expression", ["x", "x.y", "repo.nothing", "repo['nothing']", "{}.a", "[].first", "x | upper"])
def test_what_is_undefined_is_an_error(expression: str) -> None:
    with pytest.raises(UndefinedError):
        render(f"<%= ({expression}) | yaml %>")
    with pytest.raises(UndefinedError):
        render(f"<% if {expression} %><% endif %>")


def test_values_are_not_changed() -> None:
    value = {"a": [1]}
    for statement in ("x.update({})", "x.a.append(1)", "x.clear()", "x.a.pop()", "x.setdefault('b', 1)"):
        with pytest.raises(SecurityError):
            render(f"<% set _ = {statement} %>", x=value)
    assert value == {"a": [1]}


# What is used.


def test_a_loop_takes_one_step_a_turn_and_a_call_one() -> None:
    sandbox = Sandbox(DictLoader({"main.j2": "<% for x in xs %><% set y = repo.at('a') %><% endfor %>"}))
    render("", sandbox, xs=iter("abc"))
    assert sandbox.steps == 6
    render("", sandbox, xs=["a", "b", "c"])
    assert sandbox.steps == 7


@pytest.mark.parametrize("extra", [0, 1])
def test_the_steps_of_a_file_end_exactly_at_their_limit(extra: int) -> None:
    # The loop over a range takes a step for the range itself.
    template = f"<% for x in range({STEP_LIMIT - 1 + extra}) %><% endfor %>"
    if not extra:
        assert render(template) == ""
        return
    with pytest.raises(TooMuchError, match=r"^more than 1,000,000 turns of loops and calls for one file$"):
        render(template)


def test_loops_inside_each_other_share_the_steps() -> None:
    with pytest.raises(TooMuchError):
        render("<% for x in range(1001) %><% for y in range(1000) %><% endfor %><% endfor %>")


def test_a_loop_over_what_is_filtered_counts_what_it_looks_at() -> None:
    with pytest.raises(TooMuchError):
        render("<% for x in range(1000) %><% for y in range(1000) if false %><% endfor %><% endfor %>")


def test_each_file_has_its_whole_budget() -> None:
    sandbox = Sandbox(DictLoader({"main.j2": f"<% for x in range({STEP_LIMIT // 2 + 1}) %><% endfor %>"}))
    assert render("", sandbox) == ""
    assert render("", sandbox) == ""


def test_a_range_is_bounded_before_anything_runs_over_it() -> None:
    assert render(f"<%= range({STEP_LIMIT}) | length | yaml %>") == "1000000"
    with pytest.raises(TooMuchError, match=r"^a range of 1,000,001 numbers, more than 1,000,000$"):
        render(f"<%= range({STEP_LIMIT + 1}) | length | yaml %>")


@pytest.mark.parametrize(
    "expression",
    [
        f"'ab' * {SIZE_LIMIT // 2 + 1}",
        f"{SIZE_LIMIT // 2 + 1} * 'ab'",
        f"[1] * {SIZE_LIMIT + 1}",
        "big + 'a'",
        "big ~ 'a'",
        "[big, 'a'] | join",
        "['a', 'a'] | join(big)",
        "2 ** 100000000",
        "9 ** (9 ** 9)",
        "('f' * 300) | int(base=16)",
    ],
)
def test_what_a_template_builds_is_bounded(expression: str) -> None:
    with pytest.raises(TooMuchError):
        render(f"<% set x = {expression} %><%= x | yaml %>", big="a" * SIZE_LIMIT)


@pytest.mark.parametrize(
    "expression",
    ["('a' * n)", "((big[1:]) + 'a')", "((big[1:]) ~ 'a')", "([big[2:], 'a'] | join('b'))", "(big | upper)"],
)
def test_up_to_the_limit_it_may_be_built(expression: str) -> None:
    big = "a" * SIZE_LIMIT
    assert render(f"<%= {expression} | length | yaml %>", big=big, n=SIZE_LIMIT) == str(SIZE_LIMIT)


@pytest.mark.parametrize("encoder", ["yaml", "hcl"])
def test_lists_inside_each_other_cannot_stand_for_more_than_a_file(encoder: str) -> None:
    doubled = "<% set ns = namespace(x='a') %><% for _ in range(50) %><% set ns.x = [ns.x, ns.x] %><% endfor %>"
    with pytest.raises(TooMuchError):
        render(f"{doubled}<%= ns.x | {encoder} %>")


@pytest.mark.parametrize("template", ["<% macro m() %><%= m() %><% endmacro %><%= m() %>", "<% include 'main.j2' %>"])
def test_a_template_that_calls_itself_comes_to_an_end(template: str) -> None:
    with pytest.raises(RecursionError):
        render(template)


def test_what_an_encoder_refuses_is_refused() -> None:
    with pytest.raises(EncodingError, match=r"^got a GitopsRepo, expected text"):
        render("<%= repo | yaml %>")


# Paths.


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a/<%= name %>/b.yaml", "a/no/b.yaml"),
        ("<%= 1 %>", "1"),
        ("<%= name | upper %>", "NO"),
        ("<% if name %>a<% endif %>", "a"),
        ("<% for x in [1, 2] %><%= x %><% endfor %>", "12"),
    ],
)
def test_a_path_needs_no_encoder(path: str, text: str) -> None:
    sandbox = PathSandbox()
    assert sandbox.from_string(path).render(name="no") == text


@pytest.mark.parametrize("path", ["<%= repo %>", "<%= none %>", "<%= [1] %>", "<%= true %>", "<%= repo.at %>"])
def test_a_path_holds_text_and_numbers_only(path: str) -> None:
    with pytest.raises(TypeError, match=r"expected a text or a number$"):
        PathSandbox().from_string(path).render(repo=REPO)


def test_a_path_is_bounded_as_a_template_is() -> None:
    loop = "<% for x in range(1001) %><% for y in range(1000) %><% endfor %><% endfor %>"
    with pytest.raises(TooMuchError):
        PathSandbox().from_string(loop).render()
    with pytest.raises(TooMuchError):
        PathSandbox().from_string("<%= 'a' * 9999999 %>").render()
    with pytest.raises(UndefinedError):
        PathSandbox().from_string("<%= nothing %>").render()


def test_an_undefined_value_is_strict_everywhere() -> None:
    assert Sandbox().undefined is StrictUndefined
    assert PathSandbox().undefined is StrictUndefined
