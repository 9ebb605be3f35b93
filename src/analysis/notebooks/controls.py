"""Controls of a notebook's parameters, with an exhibit that follows them and the code that makes it.

What a control offers is what the comment in the notebook's parameters cell accepts; there is no other list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape

from IPython.display import display
from matplotlib.figure import Figure

from analysis.errors import CallError
from analysis.exhibits.charts import WIDE
from analysis.exhibits.exhibit import Exhibit
from analysis.notebooks import folders
from analysis.notebooks.parameters import Parameter, resolve
from analysis.notebooks.recipes import Recipes
from analysis.tables.store import foreign_keys, load, schema

try:
    import ipywidgets
except ModuleNotFoundError:
    raise CallError("controls are made by the package ipywidgets, which `make lab` installs.") from None

Refuse = Callable[[str, Mapping[str, object]], None]
LOOK = {"layout": {"width": "28em"}, "style": {"description_width": "8em"}}


def controls(notebook: str, *, first: str, refuse: Refuse) -> Controls:
    """Controls that show the exhibits of a notebook in `notebooks/` that its parameters reach, at first that of a name.

    `refuse` gets the notebook and the values of its parameters, and raises ValueError with a sentence, which is shown,
    where they cannot be shown together. Raises CallError where the notebook has no such exhibit, and ParameterError
    where its parameters are not declared as they have to be.
    """
    recipes = Recipes(folders.NOTEBOOKS / notebook)
    recipes.reached_by(first)
    return Controls(notebook, recipes, first=first, refuse=refuse)


@dataclass(frozen=True)
class Control:
    """A widget, and the parameters that it sets."""

    widget: ipywidgets.ValueWidget
    parameters: tuple[Parameter, ...]

    def given(self) -> dict[str, object]:
        """The values of its parameters, by name."""
        value = self.widget.value
        if isinstance(self.widget, ipywidgets.SelectMultiple):
            value = ",".join(value) or "all"
        values = value if len(self.parameters) > 1 else [value]
        return {parameter.name: one for parameter, one in zip(self.parameters, values, strict=True)}

    def row(self) -> ipywidgets.HBox:
        """The widget beside what it means."""
        told = [parameter.meaning for parameter in self.parameters]
        meaning = "; ".join(told + ["none marked: all"] * self.parameters[0].several)
        return ipywidgets.HBox([self.widget, ipywidgets.HTML(f"<span>{escape(meaning)}</span>")])


class Controls:
    """What `controls` gives: shown by Jupyter as the widgets, and below them the exhibit and its code.

    `exhibit` is the chosen one, and `code` what makes it; both are None where `refusal` says why it is not shown.
    """

    def __init__(self, notebook: str, recipes: Recipes, *, first: str, refuse: Refuse) -> None:
        self.exhibit, self.code, self.refusal = None, None, ""
        self._notebook, self._recipes, self._refuse = notebook, recipes, refuse
        names = [(name.replace("-", " "), name) for name in recipes.varying()]
        self.choice = ipywidgets.Dropdown(options=names, value=first, description="exhibit", **LOOK)
        self.controls = list(_controls(recipes.parameters))
        self._rows = [control.row() for control in self.controls]
        self._shown: list = []
        self._follow()
        for widget in (self.choice, *(control.widget for control in self.controls)):
            widget.observe(lambda _: self._follow(), names="value")

    def _ipython_display_(self) -> None:
        box = ipywidgets.VBox([self.choice, *self._rows])
        bundle = box._repr_mimebundle_() | {"text/plain": f"The controls of {self._notebook}: run this cell for them."}
        display(bundle, raw=True)
        self._shown = [display(data, raw=True, display_id=True) for data in self._outputs()]

    def _follow(self) -> None:
        """Shows what the widgets say; those that the exhibit does not depend on are hidden, and count for nothing."""
        name = self.choice.value
        reached = self._recipes.reached_by(name)
        given = {}
        for control, row in zip(self.controls, self._rows, strict=True):
            matters = any(parameter.name in reached for parameter in control.parameters)
            row.layout.display = "flex" if matters else "none"
            given |= control.given() if matters else {}
        try:
            values = resolve(self._recipes.parameters, given)
            self._refuse(self._notebook, values)
            self.exhibit, self.code = self._recipes.make(name, values), self._recipes.code(name, values)
            self.refusal, self._bundle = "", _bundle(self.exhibit)
        except Exception as error:  # noqa: BLE001  a widget would drop it, and leave what was shown before
            told = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
            self.exhibit, self.code, self.refusal = None, None, told
        for shown, data in zip(self._shown, self._outputs()):
            shown.update(data, raw=True)

    def _outputs(self) -> list[dict[str, str]]:
        """The exhibit, or why there is none, and the code, each as what Jupyter shows."""
        if self.refusal:
            said = {"text/plain": f"Not shown: {self.refusal}"}
            return [said | {"text/markdown": f"**Not shown:** {escape(self.refusal)}"}, {}]
        told = f"The code that makes this exhibit:\n\n```python\n{self.code}\n```"
        return [self._bundle, {"text/plain": self.code, "text/markdown": told}]


def _bundle(exhibit: Exhibit) -> dict[str, str]:
    """What Jupyter shows of an exhibit: without the picture for a phone, which takes as long to draw as the other."""

    def draw(figure: Figure) -> None:
        if figure.get_figwidth() == WIDE:
            exhibit.draw(figure)
        else:
            figure.set_layout_engine("none")  # there is nothing to lay out

    drawn = getattr(exhibit, "draw", None)  # the game is no exhibit, and shown as one
    return (replace(exhibit, draw=draw) if drawn else exhibit)._repr_mimebundle_()[0]


def _controls(parameters: Mapping[str, Parameter]) -> Iterator[Control]:
    """A control for each parameter, one for a first and a last year or the like."""
    paired = set()
    for name, parameter in parameters.items():
        end = parameters.get("end_" + name.removeprefix("start_")) if name.startswith("start_") else None
        if end and {type(end.default), type(parameter.default)} == {int} and None not in (end.low, parameter.low):
            paired.add(end.name)
            yield Control(_range(parameter, end), (parameter, end))
        elif name not in paired:
            yield Control(_widget(parameter), (parameter,))


def _range(start: Parameter, end: Parameter) -> ipywidgets.ValueWidget:
    return ipywidgets.IntRangeSlider(
        value=(start.default, end.default),
        min=int(min(start.low, end.low)),
        max=int(max(start.high, end.high)),
        description=start.name.removeprefix("start_"),
        continuous_update=False,
        **LOOK,
    )


def _widget(one: Parameter) -> ipywidgets.ValueWidget:
    about = {"description": one.name} | LOOK
    if one.several:
        chosen = [] if one.default == "all" else one.default.split(",")
        return ipywidgets.SelectMultiple(options=_named(one), value=chosen, **about)
    if one.dated:
        return ipywidgets.Combobox(
            options=one.choices, value=one.default, placeholder="YYYY-MM-DD", continuous_update=False, **about
        )
    if one.choices:
        return ipywidgets.Dropdown(options=_named(one), value=one.default, **about)
    if one.low is not None:
        bounds = {"value": one.default, "min": one.low, "max": one.high, "continuous_update": False}
        if type(one.default) is int:
            return ipywidgets.IntSlider(**bounds | {"min": int(one.low), "max": int(one.high)}, **about)
        return ipywidgets.FloatSlider(
            step=round((one.high - one.low) / 100, 9), readout_format=".3f", **bounds, **about
        )
    if isinstance(one.default, bool):
        return ipywidgets.Checkbox(value=one.default, **about)
    return ipywidgets.Text(value=str(one.default), continuous_update=False, **about)


def _named(one: Parameter) -> list[tuple[str, str]]:
    """The choices as they are shown and as they are: codes of a table that has names in order, each with its name."""
    names = _names(*one.column.split(".")) if one.column else {}
    shown = [(f"{code} {names[code]}" if code in names else code, code) for code in one.choices]
    return sorted(shown) if names else shown


def _names(table: str, column: str) -> dict[str, str]:
    """The names of the codes in a column, from its own table or from that which it refers to."""
    for key in foreign_keys(table):
        if key["fields"] == [column]:
            table, column = key["reference"]["resource"], key["reference"]["fields"][0]
    named = "name" in [field["name"] for field in schema(table)["fields"]] and schema(table)["primaryKey"] == [column]
    return load(table).set_index(column)["name"].dropna().to_dict() if named else {}
