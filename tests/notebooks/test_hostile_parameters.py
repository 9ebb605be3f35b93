"""Whatever is given as a parameter: it gets in as a literal that is allowed, or is refused in one line, and never
runs.
"""

import ast
import datetime
import decimal
import json
import re

import nbformat
import papermill
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papermill.parameterize import parameterize_notebook

from analysis import cli
from analysis.notebooks.parameters import ParameterError, declared, resolve
from analysis.reports import entries
from analysis.tables.store import DataError

CELL = """
start_year = 1995  # 1995 to 2025: first year
end_year = 2025  # 1995 to 2025: last year
count = 0  # any whole number: a number without bounds
factor = 1.0  # 1.0 to 1.1: a factor
ratio = 1.0  # any number: a number without bounds
ledger = "both"  # kazakhstan | russia | both: whose
areas = "all"  # all, or several of border | trade | space: areas
title = "plain"  # any text: a title
full = True  # true or false: whether all
"""
NAMES = re.findall(r"^(\w+) =", CELL, re.MULTILINE)
OWN = {"2010": 2010, "both": "both", "trade,space": "trade,space", "all": "all", "1.05": 1.05, "false": False}
EXAMPLES = settings(max_examples=100, derandomize=True, suppress_health_check=list(HealthCheck))

CODE = "__import__('os').system('touch hostile')"
TEXTS = [
    *OWN, "", " ", "\t", "\n", "\r\n", "\x00", "\x07", "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x9b2J", "\x7f",
    CODE, f"2010; {CODE}", f"2010\n{CODE}", f"both'; {CODE} #", f'both"; {CODE} #', f'""" + {CODE} + """',
    f"' + {CODE} + '",
    "%run x.py", "!touch hostile", "get_ipython().system('ls')", "%%bash\ntouch hostile", "$(touch hostile)",
    "`touch hostile`",
    "{CODE}", "{0}", "{self.__class__.__mro__}", "{{}}", "}{", "%s%n", "{{ 7 * 7 }}", "{% raise %}",
    "<script>alert(1)</script>",
    "'", '"', "\\", "\\'", '\\"', "\\\\", "'''", '"""', "\\n", "\\u0041", "\\N{BULLET}", "both\\", "trade\\,space",
    "a=b", "=", "#", "a # b",
    "\ud800", "\udcff", "a\udfffb", "\u202eevil\u202c", "\u200b", "bo\u200bth", "\ufeffboth", "bоth", "ｂｏｔｈ",
    "e\u0301",
    "ß", "🇰🇿", "\u2028", "\u2029", "\x85",
    "Z̷̭" * 40, "x" * 100_000, "9" * 100_000, "trade," * 10_000, "(" * 10_000, "[" * 10_000,
    "NaN", "nan", "inf", "-inf", "Infinity", "-0", "-0.0", "1e3", "1E400", "0x7da", "0o3732", "0b1", "1_0", "2_010",
    "2010.0", "2010.", ".5",
    "1,05", "02010", "002", "+2010", " 2010", "2010 ", "2010\n", "--2010", "2010j", "٢٠١٠", "２０１０", "²",
    "Ⅷ", "2010L",
    "2010-01-01", "2018-02-30", "1994", "2026", "-1",
    "0.99999999999999999999", "1.1000000000000000000001", "1" * 18, "1" * 19, "1." + "0" * 5000,
    "true", "True", "TRUE", "yes", "on", "1", "0", "None", "null", "~", "...", "Ellipsis", "True and False",
    "trade,", ",trade", "trade,,space", "trade, space", "trade;space", "trade space", "trade,trade", "all,trade",
    "trade,all", "Trade", "trade,china", ",",
    "[]", "{}", "()", "[1995]", "{'a': 1}", "lambda: 0", "start_year", "../../etc/passwd", "C:\\x",
    "file:///etc/passwd", "&a [*a]", "!!python/object/apply:os.system [ls]",
]  # fmt: skip


class Text(str):
    """A text with a form of its own."""

    def __str__(self):
        return CODE

    def __repr__(self):
        return "red\x1b[31m\nand a second line"


class Silent:
    def __repr__(self):
        raise RuntimeError("no form")


ITSELF = []
ITSELF.append(ITSELF)
VALUES = [
    None, True, False, 0, 1, -1, 1994, 1995, 2010, 2025, 2026, 10**17, 10**18, -(10**18), 10**400, 10**5000,
    -(10**5000), 0.0, -0.0, 1.0, 1.05, 1.1, 1.1000000001,
    2010.0, 1e308, 5e-324, float("nan"), float("inf"), float("-inf"), 2010j, ..., NotImplemented, b"both",
    bytearray(b"x"), b"\xff" * 1000,
    [], [1995], ["trade", "space"], ["both"], {}, {"a": 1}, {1: {2: {3: CODE}}}, (), ("both",), set(), {"both"},
    frozenset(), range(3), ITSELF,
    datetime.date(2010, 1, 1), datetime.datetime(2010, 1, 1, tzinfo=datetime.UTC), decimal.Decimal("1.05"),
    decimal.Decimal("NaN"),
    int, print, Text("both"), Text("trade"), Silent(), ["\x1b[31m"], ["x" * 100_000], {"\n": "\n"},
]  # fmt: skip
YAML = [
    "010", "0o10", "1:30", "190:59:59", "0x7da", "0xffffffffffffffffffffffffffff", "1_995", ".inf", "-.inf", ".nan",
    "~", "null", "yes", "no", "on", "2010-01-01",
    "2010-01-01 00:00:00", "'2010'", '"both"', '"\\x1b[31m"', '"\\ud800"', "|\n  both\n", ">-\n  both\n",
    "[trade, space]", "{a: b}", "&a [*a]", "&a {a: *a}",
    "!!binary Ym90aA==", "!!set {both}", "!!str 2010", "!!int '2010'", "!!float 2010", "!!bool 'yes'",
    "!!timestamp 2010-01-01", "!!omap [a: 1]", "both # comment",
]  # fmt: skip


@pytest.fixture(scope="module")
def parameters(tmp_path_factory):
    cell = nbformat.v4.new_code_cell(CELL.strip(), metadata={"tags": ["parameters"]})
    path = tmp_path_factory.mktemp("notebooks") / "n.ipynb"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel}), path)
    return declared(path)


def one_line(message: str) -> bool:
    return message.isprintable() and message.endswith(".") and len(message) < 600


def injected(values: dict[str, object]) -> dict[str, object]:
    """What a kernel would assign, read from the cell that papermill writes; each value has to be a literal."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    notebook = parameterize_notebook(nbformat.v4.new_notebook(metadata=kernel | {"papermill": {}}), values)
    nbformat.writes(notebook).encode("utf-8")
    (cell,) = notebook.cells
    statements = ast.parse(cell.source).body
    assert all(isinstance(s, ast.Assign) and len(s.targets) == 1 for s in statements)
    return {s.targets[0].id: ast.literal_eval(s.value) for s in statements}


def let_in_or_refused(parameters, name: object, value: object) -> object:
    """The value as it got in, or None where it was refused in one line; any other exception fails the test."""
    try:
        values = resolve(parameters, {name: value})
    except ParameterError as refusal:
        assert one_line(str(refusal)), refusal
        assert name not in parameters or str(refusal).startswith(f"{name} "), refusal
        return None
    parameter = parameters[name]
    assert {type(values[n]) for n in values} <= {int, float, str, bool} and type(values[name]) is type(
        parameter.default
    )
    if parameter.low is not None:
        assert parameter.low <= values[name] <= parameter.high
    if parameter.choices:
        assert values[name] == "all" or set(values[name].split(",")) <= set(parameter.choices)
    assert repr(injected(values)) == repr(values)  # repr tells -0.0 from 0.0 and True from 1
    return values[name]


@pytest.mark.parametrize("name", NAMES)
def test_each_hostile_text_is_let_in_as_a_literal_or_refused(parameters, name):
    got = [let_in_or_refused(parameters, name, text) for text in TEXTS]
    expected = {
        "start_year": {"2010", "02010"},
        "end_year": {"2010", "02010"},
        "count": {"2010", "02010", "002", "-0", "1994", "2026", "-1", "1", "0", "1" * 18},
        "factor": {"1.05", "1", "0.99999999999999999999", "1.1000000000000000000001", "1." + "0" * 5000},
        "ratio": {"1.05", "2010", "2010.0", "02010", "002", "-0", "-0.0", "1994", "2026", "-1", "1", "0", "1" * 18,
                  "0.99999999999999999999", "1.1000000000000000000001", "1." + "0" * 5000},
        "ledger": {"both"},
        "areas": {"all", "trade,space"},
        "full": {"true", "false"},
    }  # fmt: skip
    let_in = {text for text, value in zip(TEXTS, got, strict=True) if value is not None}
    if name == "title":
        assert let_in == {text for text in TEXTS if not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]", text)}
    else:
        assert let_in == expected[name]


@pytest.mark.parametrize("name", NAMES)
def test_each_hostile_value_is_let_in_as_a_literal_or_refused(parameters, name):
    got = [let_in_or_refused(parameters, name, value) for value in VALUES]
    let_in = [repr(value) for value, had in zip(VALUES, got, strict=True) if had is not None]
    small = ["0", "1", "-1", "1994", "1995", "2010", "2025", "2026", str(10**17)]
    expected = {
        "start_year": ["1995", "2010", "2025"],
        "end_year": ["1995", "2010", "2025"],
        "count": small,
        "factor": ["1", "1.0", "1.05", "1.1"],
        "ratio": [*small, "0.0", "-0.0", "1.0", "1.05", "1.1", "1.1000000001", "2010.0", "1e+308", "5e-324"],
        "full": ["True", "False"],
    }
    assert let_in == expected.get(name, [])


@pytest.mark.parametrize("text", YAML)
def test_each_value_of_yaml_is_let_in_as_a_literal_or_refused(parameters, text):
    value = yaml.safe_load(text)
    for name in NAMES:
        let_in_or_refused(parameters, name, value)


@EXAMPLES
@given(
    st.sampled_from(NAMES),
    st.one_of(
        st.text(st.characters()),  # with surrogates
        st.lists(st.sampled_from([*OWN, *"',\"\\{};#\n ", CODE, "trade", "both"]), max_size=6).map("".join),
        st.integers(),
        st.floats(),
        st.decimals().map(str),
        st.integers(1990, 2030).map(str),
        st.dates(),
        st.binary(),
        st.recursive(st.none() | st.booleans() | st.floats() | st.text(),
        lambda s: st.lists(s) | st.dictionaries(st.text(), s)),
    ),
)  # fmt: skip
def test_any_value_is_let_in_as_a_literal_or_refused(parameters, name, value):
    let_in_or_refused(parameters, name, value)


@EXAMPLES
@given(st.sampled_from(VALUES[:20] + TEXTS) | st.text(st.characters()) | st.binary() | st.tuples(st.text()))
def test_any_name_is_declared_or_refused(parameters, name):
    if isinstance(name, str) and name in NAMES:
        return
    with pytest.raises(ParameterError, match="^unknown parameter ") as refusal:
        resolve(parameters, {"start_year": 2010, name: "2010", None: 1})
    assert one_line(str(refusal.value)) and str(refusal.value).endswith(f"; declared are: {', '.join(NAMES)}.")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"title": "\x1b[31m"}, r"title is a text without control characters, not '\x1b[31m'."),
        ({"\x1b]0;x\x07": 1}, r"unknown parameter '\x1b]0;x\x07'; declared are: "),
        ({"ledger": "\u202ehtob"}, r"not '\u202ehtob'."),
        ({"ledger": Text("both")}, r"not red\x1b[31m\nand a second line."),
        ({"ledger": "x" * 100}, "not '" + "x" * 76 + "…."),
        ({"count": 10**5000}, "count is a whole number of at most 18 digits, not a value of the type int."),
        ({"ratio": 10**400}, f"ratio is a number, not 1{'0' * 76}…."),
        (
            {"areas": "trade,trade"},
            "areas is all, or several, each once, joined by commas, of border, trade, space, not",
        ),
        ({1: 1, "a": 1}, "unknown parameter 1; declared are: "),
    ],
)
def test_the_message_is_escaped_and_short(parameters, given, message):
    with pytest.raises(ParameterError) as refusal:
        resolve(parameters, given)
    assert message in str(refusal.value) and one_line(str(refusal.value))


REPORTS = {name: declared(entry.notebook) for name, entry in entries.all_reports().items()}


@pytest.fixture
def kernels(monkeypatch):
    """The calls that would start a kernel."""
    calls = []
    monkeypatch.setattr(papermill, "execute_notebook", lambda *given, **named: calls.append(given) or 1 / 0)
    return calls


@settings(EXAMPLES, max_examples=40)
@given(st.sampled_from(sorted(REPORTS)), st.data())
def test_the_command_refuses_in_one_line_before_any_kernel(kernels, capsys, tmp_path, name, chosen):
    allowed = REPORTS[name]
    key = chosen.draw(st.sampled_from([*allowed, CODE, "", "start_year ", "\ud800", "__class__", "start_year;x"]))
    value = chosen.draw(st.sampled_from([text for text in TEXTS if text not in OWN and "\x00" not in text]))
    parameter = allowed.get(key)
    if parameter and let_in_or_refused(allowed, key, value) is not None:
        return
    code = cli.main(["build", name, "--out", str(tmp_path / "out"), "-p", f"{key}={value}"])
    told = capsys.readouterr()
    assert (code, told.out, kernels) == (2, "", [])
    assert told.err.startswith("analysis: ") and told.err.count("\n") == 1 and one_line(told.err.rstrip("\n"))
    assert not (tmp_path / "out").exists()


def allowed_value(parameter):
    if parameter.several:
        several = st.lists(st.sampled_from(parameter.choices), min_size=1, max_size=3, unique=True).map(",".join)
        return st.just("all") | several
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    kind = st.integers if type(parameter.default) is int else st.floats
    return kind(int(parameter.low), int(parameter.high)) if kind is st.integers else kind(parameter.low, parameter.high)


@settings(EXAMPLES, max_examples=30)
@given(st.sampled_from(sorted(REPORTS)), st.data())
def test_allowed_values_that_do_not_go_together_are_refused_in_one_line(name, chosen):
    entry = entries.named(name)
    given = {key: chosen.draw(allowed_value(parameter)) for key, parameter in REPORTS[name].items()}
    try:
        values = entries.values(entry, given)
    except ParameterError as refusal:
        assert one_line(str(refusal)) and str(refusal).startswith(f"{name}: ") and "nan" not in str(refusal), refusal
    except DataError as fault:
        pytest.fail(f"sound tables are blamed: {fault}")
    else:
        assert injected(values) == given


def test_text_that_reaches_the_notebook_is_safe_in_json(parameters):
    values = resolve(parameters, {"title": "'\"\\{}" + CODE})
    assert json.loads(json.dumps(values)) == values == injected(values)
