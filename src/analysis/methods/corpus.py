"""The document as it was read and coded, and what one chooses to look at of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.errors import DataError, ParameterError
from analysis.methods import coding, dates
from analysis.methods.dates import Years


@dataclass(frozen=True, eq=False)
class Corpus:
    """The document's passages, the sections they stand in, and the codes of two coders by the codebook of areas.

    Raises DataError where a passage stands in a section that `sections` does not have.
    """

    passages: pd.DataFrame
    sections: pd.DataFrame
    passage_areas: pd.DataFrame
    areas: pd.DataFrame

    def __post_init__(self) -> None:
        unknown = self.passages[~self.passages["section"].isin(self.sections["section"])]
        if len(unknown):
            first = unknown.iloc[0]
            raise DataError(
                f"passages, paragraph {first['paragraph']}: the section {first['section']!r} is not in the table "
                f"sections, which has {', '.join(self.sections['section'])}."
            )

    @property
    def labels(self) -> dict[str, str]:
        """What each section is called, in the order of the document."""
        labels = self.sections.set_index("section")["label"]
        return labels[self.passages["section"].unique()].to_dict()

    @property
    def names(self) -> dict[str, str]:
        """The name of each area of the codebook."""
        return self.areas.set_index("area_id")["name"].to_dict()

    @property
    def in_sentence(self) -> dict[str, str]:
        """The name of each area inside a sentence."""
        return self.areas.set_index("area_id")["in_sentence"].to_dict()

    @cached_property
    def agreement(self) -> pd.DataFrame:
        """How far the two coders agree, by `coding.agreement`; a bootstrap, so it is computed once."""
        return coding.agreement(*self._coders(), areas=sorted(self.names))

    def disagreements(self) -> pd.DataFrame:
        """Every point on which the two coders differ, by `coding.disagreements`."""
        return coding.disagreements(*self._coders())

    def effect_of_duplicates(self, coder: str) -> pd.DataFrame:
        """What repeats add to the paragraphs of each area in the codes of a coder, by `coding.effect_of_duplicates`."""
        return coding.effect_of_duplicates(self._codes(coder, "raw"), self._codes(coder, "deduplicated"))

    def chosen(self, *, areas: str, section: str, coder: str, counting: str) -> Chosen:
        """What there is of the chosen areas and text.

        Args:
            areas: `all`, or ids of areas joined by commas.
            section: `all`, or a section.
            coder, counting: as in `coding.coded`.

        Raises:
            ParameterError: for an area that is not in the codebook, and where the text has no passage on the areas,
                naming those that it speaks of.
        """
        passages, codes = self.passages, self._codes(coder, counting)
        if section != "all":
            passages, codes = (rows[rows["section"] == section] for rows in (passages, codes))
        ids = list(self.names) if areas == "all" else areas.split(",")
        for area in ids:
            if area not in self.names:
                raise ParameterError(f"{area!r} is not in the table areas, which has {', '.join(self.names)}.")
        kept = codes[codes["area_id"].isin(ids)]
        if kept.empty:
            held = ", ".join(sorted(codes["area_id"].unique())) or "no area"
            raise ParameterError(f"{section} has no passage on {areas}; it speaks of {held}.")
        names = {area: self.names[area] for area in ids}
        return Chosen(corpus=self, areas=areas, section=section, names=names, passages=passages, codes=kept)

    def _codes(self, coder: str, counting: str) -> pd.DataFrame:
        codes = coding.coded(self.passage_areas, self.passages, coder=coder, counting=counting)
        return codes.merge(self.passages[["paragraph", "source_id"]], on="paragraph")

    def _coders(self) -> list[pd.DataFrame]:
        return [self._codes(coder, "deduplicated") for coder in ("a", "b")]


@dataclass(frozen=True, kw_only=True, eq=False)
class Chosen:
    """What is looked at of a corpus: areas and text as they were asked for, and what was found.

    `names` has the areas by id, `passages` those of the text, `codes` those that count (`coding.coded`, `source_id`).
    """

    corpus: Corpus
    areas: str
    section: str
    names: dict[str, str]
    passages: pd.DataFrame
    codes: pd.DataFrame

    def of(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The rows of a table of the document that belong to the chosen areas and stand in the chosen text."""
        return rows[rows["area_id"].isin(self.names) & rows["paragraph"].isin(self.passages["paragraph"])]

    def dated(self, events: pd.DataFrame, years: Years) -> pd.DataFrame:
        """The chosen events that fell into the years, by `dates.timeline`.

        Raises ParameterError where there is none, naming the years of which the text tells.
        """
        events = self.of(events)
        dated = dates.timeline(events, start=str(years.first), end=str(years.last))
        if dated.empty:
            told = sorted(events["date"].dropna().str[:4].unique())
            raise ParameterError(
                f"{self.section} tells of no event on {self.areas} from {years.first} to {years.last}; "
                + (f"it has events from {told[0]} to {told[-1]}." if told else "it has no dated event at all.")
            )
        return dated
