"""The questions of an analyst in docs/questions.md are answered by the code below them, with what stands there."""

import re

import pytest

from analysis.notebooks.folders import ROOT

PAGE = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
BLOCKS = re.compile(r"^## ([^\n]*\?)$.*?^```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUESTIONS = BLOCKS.findall(PAGE)


def test_every_block_of_code_answers_a_question():
    assert len(QUESTIONS) == PAGE.count("```python") == PAGE.count("\n## ") == 5


@pytest.mark.parametrize(("question", "code", "answer"), QUESTIONS, ids=[question for question, *_ in QUESTIONS])
def test_the_code_prints_the_answer(question, code, answer, tmp_path, monkeypatch, capsys):
    assert len(code.splitlines()) <= 4 and max(map(len, code.splitlines())) <= 125
    monkeypatch.chdir(tmp_path)
    exec(code, {})  # noqa: S102
    assert capsys.readouterr().out == answer
    for name in re.findall(r'"([\w-]+\.(?:png|xlsx))"', code):
        assert (tmp_path / name).stat().st_size > 4000
