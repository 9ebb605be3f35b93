"""The glossary and the names of bodies in three languages."""

import json
import re
from pathlib import Path

import pytest

from analysis.tables.store import load

LESSONS = Path(__file__).resolve().parents[2] / "notebooks" / "solutions"
RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
KAZAKH_ONLY = "әғқңөұүһі"
TRANSLATED = [("glossary", "term_{}", "source_id_{}"), ("organisations", "name_{}", "name_{}_source_id")]


def letters(text):
    return set(re.sub(r"[ ,«»-]", "", text.lower()))


@pytest.fixture(scope="module")
def glossary():
    return load("glossary")


@pytest.mark.parametrize(("table", "column", "_source"), TRANSLATED)
@pytest.mark.parametrize(("language", "alphabet"), [("ru", RUSSIAN), ("kk", RUSSIAN + KAZAKH_ONLY)])
def test_a_translation_has_no_letter_of_another_alphabet(table, column, _source, language, alphabet):
    words = load(table)[column.format(language)].dropna()
    assert len(words) and {word: letters(word) - set(alphabet) for word in words if letters(word) - set(alphabet)} == {}


@pytest.mark.parametrize(("table", "column", "_source"), TRANSLATED)
def test_kazakh_is_not_russian_in_the_wrong_column(table, column, _source):
    words = load(table)[column.format("kk")].dropna()
    assert words.map(lambda word: bool(letters(word) & set(KAZAKH_ONLY))).mean() > 0.6


@pytest.mark.parametrize(("table", "column", "source"), TRANSLATED)
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_translation_stands_with_its_source_and_never_without(table, column, source, language):
    rows = load(table)
    assert (rows[column.format(language)].notna() == rows[source.format(language)].notna()).all()


def test_a_missing_translation_has_a_note(glossary):
    missing = glossary[glossary[["term_ru", "term_kk"]].isna().any(axis=1)]
    assert missing.loc[missing["note"].isna(), "term_id"].tolist() == []


def test_no_word_stands_for_two_terms(glossary):
    for column in ("term_en", "term_ru", "term_kk"):
        words = glossary[column].dropna().str.lower()
        assert words[words.duplicated()].tolist() == []


def test_a_definition_is_one_sentence(glossary):
    assert glossary.loc[~glossary["definition"].str.fullmatch(r"[A-Z][^.]*\."), "term_id"].tolist() == []


def test_bodies_are_named_alike_in_both_tables(glossary):
    """Lower case in the glossary where the term is also a common noun."""
    named = load("organisations").merge(glossary, left_on="name", right_on="term_en")
    assert len(named) >= 5
    for language in ("ru", "kk"):
        assert named[f"name_{language}"].tolist() == named[f"term_{language}"].tolist()


def test_the_lessons_write_their_terms_as_the_glossary_does(glossary):
    cells = [cell for path in LESSONS.glob("*.ipynb") for cell in json.loads(path.read_text())["cells"]]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    bold = {term.lower() for text in texts for term in re.findall(r"\*\*(.+?)\*\*", text)}
    terms = set(glossary["term_en"].str.lower())
    squeezed = {re.sub(r"\W", "", term): term for term in terms}
    alike = {term: squeezed[re.sub(r"\W", "", term)] for term in bold if re.sub(r"\W", "", term) in squeezed}
    assert {"turnover", "mirror statistics", "fob", "cif"} <= bold & terms
    assert {term: spelt for term, spelt in alike.items() if term != spelt} == {}
