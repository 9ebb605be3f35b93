import hashlib
import re

import pandas as pd
import pytest

from analysis import cli
from analysis.checks import document
from analysis.errors import DataError

# An invented document: spaces to collapse, a repeat with a small change, digits in and outside the tokens.
TEXT = """Heading of 2001

  The two ports   handled 40 boats in 1999.
The harbour master of Aport praised the 12 new cranes and the 12 old ones.

The two ports handled 40 boats in 1998.
"""
PARAGRAPHS = [
    "Heading of 2001",
    "The two ports handled 40 boats in 1999.",
    "The harbour master of Aport praised the 12 new cranes and the 12 old ones.",
    "The two ports handled 40 boats in 1998.",
]


@pytest.fixture
def passages():
    return pd.DataFrame(
        {
            "paragraph": [1, 2, 3, 4],
            "words": [3, 8, 15, 8],
            "sha256": [hashlib.sha256(text.encode()).hexdigest() for text in PARAGRAPHS],
            "duplicate_of": pd.array([None, None, None, 2], dtype="Int64"),
            "similarity": [None, None, None, 0.974],  # 2 x 38 of 78 characters
            "gist": ["A heading.", "Boats counted.", "Praise of cranes.", "Boats counted."],
        }
    )


@pytest.fixture
def tables():
    return {
        "quantities": pd.DataFrame(
            {"quantity_id": ["q1", "q2"], "paragraph": [2, 3], "token": ["40 boats", "12 new cranes"]}
        ),
        "digit_runs": pd.DataFrame(
            [(1, "2001", 1), (2, "1999", 1), (3, "12", 1), (4, "1998", 1), (4, "40", 1)],
            columns=["paragraph", "run", "count"],
        ),
        "inconsistencies": pd.DataFrame(
            {
                "inconsistency_id": ["i1", "i2"],
                "paragraph_a": [2, 3],
                "token_a": ["in 1999", "old ones"],
                "paragraph_b": pd.array([4, None], dtype="Int64"),
                "token_b": ["in 1998", None],
                "what": ["The years differ.", "The count is doubtful."],
            }
        ),
        "named_forms": pd.DataFrame({"name_en": ["A-Port", "B-Port"], "as_in_document": ["Aport", None]}),
    }


@pytest.fixture
def verify(tmp_path, passages, tables):
    """Verify the invented document after replacing some words of it."""

    def run(old="", new=""):
        assert old in TEXT
        path = tmp_path / "document.txt"
        path.write_text(TEXT.replace(old, new) if old else TEXT)
        return document.verify(path, passages, tables)

    return run


def test_the_right_document_has_no_problem(verify):
    assert verify() == []
    assert verify("\n", "\r\n") == []


def test_an_edited_paragraph_is_named(verify):
    assert verify("praised", "blamed") == ["passages 3: the paragraph differs from its sha256."]


def test_a_missing_paragraph_is_named_once(verify):
    assert verify("  The two ports   handled 40 boats in 1999.\n", "") == [
        "The document has 3 paragraphs; passages has 4.",
        "passages 2: the paragraph is missing from the document.",
    ]


def test_an_extra_paragraph_is_named(verify):
    assert verify("The harbour", "An aside.\nThe harbour") == [
        "The document has 5 paragraphs; passages has 4.",
        "The document's paragraph 3 is not in passages.",
    ]


def test_another_text_is_called_so(tmp_path, passages, tables):
    (tmp_path / "other.txt").write_text("Nothing of it.\n")
    assert document.verify(tmp_path / "other.txt", passages, tables) == [
        "No paragraph of the document is one of passages: this is another text."
    ]


@pytest.mark.parametrize(
    ("table", "row", "column", "value", "problem"),
    [
        ("quantities", 1, "token", "12 new crane.", "quantities q2: the token '12 new crane.' does not stand in"),
        ("quantities", 1, "paragraph", 9, "quantities q2: the paragraph 9 is not in passages."),
        ("inconsistencies", 0, "token_a", "in 1998", ("inconsistencies i1: the token_a 'in 1998' does not stand in "
            "paragraph "
            "2.")),
        ("inconsistencies", 0, "token_b", "in 1999", ("inconsistencies i1: the token_b 'in 1999' does not stand in "
            "paragraph "
            "4.")),
        ("inconsistencies", 0, "token_b", None, "inconsistencies i1: there is no token_b for paragraph 4."),
        ("named_forms", 0, "as_in_document", "Apport", "named_forms A-Port: 'Apport' stands nowhere in the document."),
    ],
)  # fmt: skip
def test_a_token_that_does_not_stand_there_is_named(verify, tables, table, row, column, value, problem):
    tables[table].loc[row, column] = value
    assert verify()[0].startswith(problem)


def test_every_digit_is_accounted_for(verify, tables):
    tables["digit_runs"] = tables["digit_runs"].drop(0)
    tables["quantities"].loc[0, "token"] = "40 boa"
    tables["digit_runs"].loc[3, "count"] = 2
    tables["digit_runs"].loc[len(tables["digit_runs"]) + 1] = (2, "40", 1)
    stands = "times outside the tokens of quantities; the table has"
    assert verify() == [
        f"digit_runs 1: '2001' stands 1 {stands} 0.",
        f"digit_runs 2: '40' stands 0 {stands} 1.",
        f"digit_runs 4: '1998' stands 1 {stands} 2.",
    ]


def test_part_of_a_number_does_not_cover_it(verify, tables):
    tables["quantities"].loc[0, "token"] = "0 boats"
    assert verify() == ["digit_runs 2: '40' stands 1 times outside the tokens of quantities; the table has 0."]


def test_counts_of_passages_are_recomputed(verify, passages):
    passages.loc[0, "words"] = 4
    passages.loc[3, "similarity"] = 0.98
    assert verify() == [
        "passages 1: words is 4; the paragraph has 3.",
        "passages 4: similarity is 0.98; that to paragraph 2 is 0.974.",
    ]


def test_copied_words_are_found_and_not_printed(verify, passages, tables):
    passages.loc[2, "gist"] = "The harbour master of Aport praised the 12 new things."  # nine words in a row
    assert verify() == []
    passages.loc[2, "gist"] = "the Harbour master of Aport praised the 12 new, cranes"
    assert verify() == ["passages 3: the gist repeats 10 words of the document in a row."]


@pytest.mark.parametrize("absent", ["quantities", "digit_runs"])
def test_the_tables_of_digits_are_needed(verify, tables, absent):
    del tables[absent]
    with pytest.raises(DataError, match=f"The table '{absent}' is not given"):
        verify()


def test_a_file_that_cannot_be_read_is_named(tmp_path, passages, tables):
    for path, reason in ((tmp_path / "absent.txt", "No such file"), (tmp_path, "Is a directory")):
        with pytest.raises(DataError, match=f"^{re.escape(str(path))}: the document cannot be read .{reason}"):
            document.verify(path, passages, tables)
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9\n")
    with pytest.raises(DataError, match="latin.txt: the byte 3 is not UTF-8, the only encoding allowed.$"):
        document.verify(tmp_path / "latin.txt", passages, tables)


def test_a_row_on_several_paragraphs_has_its_token_in_one_of_them(verify, tables):
    tables["positions"] = pd.DataFrame(
        {
            "expert_id": ["x", "y"],
            "question_id": ["q1", "q1"],
            "paragraphs": ["1; 3", "1; 2"],
            "token": ["12 new cranes"] * 2,
        }
    )
    assert verify() == ["positions y q1: the token '12 new cranes' stands in none of the paragraphs 1; 2."]


def test_no_column_whatever_it_is_for_has_a_sentence_of_the_document(verify, tables, monkeypatch):
    monkeypatch.setattr(document, "QUOTED", 12)
    tables["named_forms"].loc[0, "name_en"] = "harbour master of Aport praised the 12 new cranes and the"  # eleven
    assert verify() == []
    tables["named_forms"].loc[0, "name_en"] = "The harbour master of Aport praised the 12 new cranes and the"
    (problem,) = verify()
    assert problem.endswith("new cranes and the: the name_en repeats 12 words of the document in a row.")


def test_a_byte_order_mark_is_no_part_of_the_text(verify, tmp_path):
    verify()
    marked = tmp_path / "marked.txt"
    marked.write_bytes(b"\xef\xbb\xbf" + (tmp_path / "document.txt").read_bytes())
    assert document.paragraphs(marked) == document.paragraphs(tmp_path / "document.txt")


def test_the_command_tells_each_problem_and_fails_where_there_is_one(tmp_path, monkeypatch, capsys):
    (tmp_path / "other.txt").write_text("Another text.\n", encoding="utf-8")
    assert cli.main(["verify", str(tmp_path / "other.txt")]) == 1
    said = capsys.readouterr()
    assert said.err == "No paragraph of the document is one of passages: this is another text.\n"
    assert said.out == "1 problems\n"
    monkeypatch.setattr(document, "verify", lambda *_: [])
    assert cli.main(["verify", "the document"]) == 0
    assert capsys.readouterr().out == "every paragraph and every token stands in the document\n"
