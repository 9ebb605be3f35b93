"""The lessons: solutions that are right, students' notebooks that are made of them and run, checks that explain."""

import ast
import html
import itertools
import json
import re

import nbformat
import numpy as np
import pandas as pd
import pytest

from analysis import cli
from analysis.errors import BuildError, CallError, LessonError
from analysis.lessons import answers as lesson_answers
from analysis.lessons import judging, students
from analysis.lessons import lesson as lesson_files
from analysis.reports import build_record
from analysis.tables import store

LESSONS = lesson_files.all_lessons()
EXERCISES = [number for name in lesson_answers.LESSONS for number in lesson_answers.exercises(name)]
by_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.solution.stem)
by_exercise = pytest.mark.parametrize("number", EXERCISES)


def cells(path, kind):
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def judged(number, answer):
    return lesson_answers.check(number, answer)


@by_lesson
def test_the_students_notebook_is_what_the_solution_gives(lesson):
    made = students.student(nbformat.read(lesson.solution, as_version=4))
    notebook = nbformat.read(lesson.student, as_version=4)
    assert [(c.cell_type, c.id, c.source) for c in notebook.cells] == [
        (c.cell_type, c.id, c.source) for c in made.cells
    ], "run `make lessons`"
    assert students.digest(notebook) == notebook.metadata[students.AS_MADE], "nobody has worked in it"
    held = lesson.student.read_text(encoding="utf-8")
    solved = [c.source for c in cells(lesson.solution, "code") if "solution" in c.metadata.get("tags", [])]
    for source in solved:
        work = [line for line in source.splitlines() if line.startswith("answer = ") and line != "answer = ..."]
        assert work and all(json.dumps(line)[1:-1] not in held for line in work), source


@by_lesson
def test_every_solution_is_right_and_every_exercise_is_in_its_lesson(lesson):
    code = cells(lesson.solution, "code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    asked = [cell for cell in code if "solution" in cell.metadata.get("tags", [])]
    shown = ["".join(output.data["text/plain"] for output in cell.outputs if "data" in output) for cell in asked]
    assert all(text.startswith(lesson_answers.MARKS["right"]) for text in shown), shown
    numbers = [re.search(r'check\("([\d.]+)"', cell.source)[1] for cell in asked]
    assert numbers == lesson_answers.exercises(numbers[0].partition(".")[0])


@by_lesson
def test_the_students_notebook_is_committed_as_run_and_says_that_nothing_is_answered(lesson):
    code = cells(lesson.student, "code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert not [output for cell in code for output in cell.outputs if output.output_type == "error"]
    asked = [cell for cell in code if "answer = ..." in cell.source.splitlines()]
    assert len(asked) == len(lesson_answers.exercises(lesson.solution.stem[1]))
    for cell in asked:
        assert any("Not answered yet" in output.get("data", {}).get("text/plain", "") for output in cell.outputs)


@by_lesson
def test_a_lesson_has_what_a_class_needs(lesson):
    text = "\n".join(cell.source for cell in cells(lesson.solution, "markdown"))
    minutes = [int(found) for found in re.findall(r"^### Exercise .*\((\d+) minutes\)", text, re.MULTILINE)]
    assert len(minutes) == len(lesson_answers.exercises(lesson.solution.stem[1]))
    whole = int(re.search(r"^Time: (\d+) minutes", text, re.MULTILINE)[1])
    assert 45 <= whole <= 60 and sum(minutes) <= whole
    assert "After this lesson you can" in text and "## Keypoints" in text and "## Sources" in text
    kinds = set(re.findall(r"^### Exercise [\d.]+: ([a-z ]+)", text, re.MULTILINE))
    assert any("compute" in kind for kind in kinds) and any("argue" in kind for kind in kinds)
    assert any("change a parameter" in kind for kind in kinds), kinds
    assert text.count("<details><summary>Hint</summary>") >= 3


@by_lesson
def test_a_lesson_reads_step_by_step(lesson):
    kinds = [cell.cell_type for cell in nbformat.read(lesson.solution, as_version=4).cells]
    assert kinds[0] == "markdown" and not [i for i in range(1, len(kinds)) if kinds[i] == kinds[i - 1] == "code"]
    for cell in cells(lesson.solution, "code"):
        assert len([line for line in cell.source.splitlines() if line.strip()]) <= 8, cell.source
        assert max(map(len, cell.source.splitlines())) <= 120, cell.source
        tree = ast.parse(cell.source)
        assert not [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef, ast.Lambda))]


@by_lesson
def test_no_figure_is_typed_into_the_text(lesson):
    """Numbers of lessons and exercises, minutes and code stand in prose; figures come out of cells or stand in the line
    that says what an exercise asks for, which the next test holds to the table."""
    for cell in cells(lesson.solution, "markdown"):
        plain = re.sub(r"`[^`]*`", "", cell.source)
        plain = re.sub(r"^((#+ )?(Lesson|Exercise|Time:)|> Asked for:).*$", "", plain, flags=re.MULTILINE)
        plain = re.sub(r"\b(Lesson|lesson|lessons|exercise|Exercise) \d(\.\d)?\b|\bq\d{3}\b", "", plain)
        assert not re.search(r"\d", plain), f"{cell.id}: {plain}"


@by_lesson
def test_an_exercise_is_asked_above_its_cell_and_not_in_a_remark_that_a_student_writes_over(lesson):
    table = store.load("exercise_facts").set_index(["exercise", "fact"])["value"]
    held = nbformat.read(lesson.solution, as_version=4).cells
    for before, cell in itertools.pairwise(held):
        if "solution" in cell.metadata.get("tags", []):
            number = re.search(r'check\("([\d.]+)"', cell.source)[1]
            assert [line for line in cell.source.splitlines() if line[:1] == "#"] == [f"# Exercise {number}"]
            assert before.source.startswith("### ") or f"### Exercise {number}" in before.source
            (asked,) = re.findall(r"^> Asked for: (.+)$", before.source, re.MULTILINE)
            plain = re.sub(r"`[^`]*`", "", asked)
            years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", plain)}
            assert years == {int(value) for value in table.get(number, ()) if value > 1900 and number != "1.2"}, asked


@by_exercise
def test_three_dots_are_not_an_error(number):
    verdict = judged(number, ...)
    assert verdict.outcome == "unanswered" and "three dots" in verdict.words


@by_exercise
def test_each_typical_error_has_its_own_sentence(number):
    exercise = lesson_answers.exercise(number)
    mapped = isinstance(exercise, (judging.Choice, judging.Names, judging.Words))
    for answer, sentence in exercise.wrong.items() if mapped else exercise.wrong:
        if isinstance(exercise, judging.Names):
            answer = [*exercise.right, answer]
        told = sentence
        if isinstance(exercise, judging.Words):
            (label, word), count = answer, len(exercise.right)
            answer = exercise.right | {label: word}
            told = f"{count - 1} of {count} are right.\n\n- {label}: {sentence}"
        verdict = judged(number, answer)
        assert verdict.outcome == "wrong" and verdict.words == told
        assert len(sentence.split()) >= 5


@by_exercise
def test_equivalent_right_answers_pass(number):
    exercise = lesson_answers.exercise(number)
    if isinstance(exercise, judging.Number):
        right = exercise.right
        answers = [right, np.float64(right), np.array([right]), pd.Series([right]), right + 0.9 * exercise.within]
    elif isinstance(exercise, judging.Choice):
        answers = [exercise.right, exercise.right.upper(), f" {exercise.right}) "]
    elif isinstance(exercise, judging.Names):
        right = list(exercise.right)
        answers = [
            right,
            right[::-1],
            set(right),
            tuple(right),
            pd.Series(right),
            [str(item).upper() for item in right],
        ]
    elif isinstance(exercise, judging.Words):
        others = {label.upper(): exercise.words[word].upper() for label, word in exercise.right.items()}
        answers = [exercise.right, dict(reversed(exercise.right.items())), pd.Series(exercise.right), others]
    else:
        answers = [exercise.right, exercise.right[::-1], exercise.right.to_dict(), exercise.right.to_frame("x")]
    for answer in answers:
        assert judged(number, answer).outcome == "right", answer


@by_exercise
@pytest.mark.parametrize(
    "answer", [None, "", [], {}, "what?", float("nan"), True, object(), pd.DataFrame({"a": [1], "b": [2]})]
)
def test_anything_else_is_wrong_and_told_why(number, answer):
    verdict = judged(number, answer)
    assert verdict.outcome == "wrong" and len(verdict.words.split()) >= 5


def test_a_unit_that_is_off_is_named():
    exercise = lesson_answers.exercise("2.1")
    assert "in billions" in judged("2.1", exercise.right / 1e9).words
    assert "sign" in judged("2.3", -lesson_answers.exercise("2.3").right).words


def test_an_unknown_exercise_is_named():
    with pytest.raises(ValueError, match="no exercise '2.99'; this lesson has 2.1"):
        lesson_answers.check("2.99", 1)
    with pytest.raises(ValueError, match="no lesson '9'"):
        lesson_answers.check("9.1", 1)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A folder with one lesson, its student's notebook made: returns the latter."""
    for name in ("lessons", "solutions"):
        (tmp_path / name).mkdir()
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Title\n\n**Question?**\n\nTime: 1 minute", id="title"),
            nbformat.v4.new_code_cell("from analysis.lessons.answers import check", id="setup"),
            nbformat.v4.new_code_cell(
                'answer = "no"\ncheck("1.1", answer)', id="task", metadata={"tags": ["solution"]}
            ),
            nbformat.v4.new_markdown_cell("Because.", id="why", metadata={"tags": ["solution-text"]}),
        ]
    )
    nbformat.write(notebook, tmp_path / "solutions" / "01_one.ipynb")
    monkeypatch.setattr(lesson_files, "FOLDER", tmp_path / "lessons")
    monkeypatch.setattr(lesson_files, "SOLUTIONS", tmp_path / "solutions")
    assert students.generate() == [tmp_path / "lessons" / "01_one.ipynb"] and students.generate() == []
    return tmp_path / "lessons" / "01_one.ipynb"


def edited(path, id, **changes):
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == id).update(changes)
    nbformat.write(notebook, path)


@pytest.mark.parametrize(
    "cell, work", [("task", 'answer = 1\ncheck("1.1", answer)'), ("why", "I think so."), ("setup", "")]
)
def test_generating_never_loses_a_students_work(made, cell, work):
    edited(made.parents[1] / "solutions" / made.name, "title", source="# New\n\n**Question?**\n\nTime: 1 minute")
    edited(made, cell, source=work)
    before = made.read_bytes()
    with pytest.raises(LessonError, match="was worked in, and writing it anew would lose that"):
        students.generate()
    assert made.read_bytes() == before


def test_a_students_notebook_that_was_only_run_is_written_anew(made, capsys):
    edited(made.parents[1] / "solutions" / made.name, "title", source="# New\n\n**Question?**\n\nTime: 1 minute")
    edited(made, "setup", execution_count=7)
    assert cli.main(["lessons"]) == 0 and "# New" in made.read_text(encoding="utf-8")
    assert cli.main(["lessons"]) == 0
    assert capsys.readouterr().out == "01_one.ipynb: written anew\nevery student's notebook is up to date\n"


def test_a_students_notebook_that_does_not_run_is_not_written(made):
    before = made.read_bytes()
    edited(made.parents[1] / "solutions" / made.name, "setup", source="1 / 0")
    other = made.parents[1] / "solutions" / "02_other.ipynb"
    other.write_bytes((made.parents[1] / "solutions" / made.name).read_bytes())
    edited(other, "setup", source="from analysis.lessons.answers import check")
    with pytest.raises(BuildError, match=r"^01_one.ipynb: cell 2 \(In \[1\]\), line 1 \(1 / 0\) raised ZeroDivision"):
        students.generate()
    assert made.read_bytes() == before and (made.parent / other.name).exists()


def test_a_solution_that_breaks_the_convention_is_named(made):
    edited(made.parents[1] / "solutions" / made.name, "task", source="")
    with pytest.raises(LessonError, match="^01_one.ipynb: A cell tagged solution ends in a line that begins with"):
        students.generate()
    (made.parents[1] / "solutions" / made.name).write_text("{", encoding="utf-8")
    with pytest.raises(CallError, match="^01_one.ipynb is no notebook of format 4"):
        students.generate()


def test_a_solution_without_its_check_is_refused():
    with pytest.raises(LessonError, match="ends in a line that begins with check"):
        lesson_files.task("answer = 1")
    assert lesson_files.task('# Exercise\nx = 2\nanswer = x\ncheck("1.1", answer)') == (
        '# Exercise\nanswer = ...\ncheck("1.1", answer)'
    )


def test_solutions_have_pages_of_their_own_which_the_index_names_apart(tmp_path, capsys):
    assert cli.main(["build", "lessons", "solutions", "--out", str(tmp_path)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2 * len(LESSONS)
    lessons, _, teachers = (tmp_path / "index.html").read_text(encoding="utf-8").partition("For teachers")
    for lesson in LESSONS:
        assert f'href="{lesson.name}.html"' in lessons and f'href="solutions/{lesson.name}.html"' in teachers
        page, solved = ((tmp_path / folder / f"{lesson.name}.html").read_text("utf-8") for folder in (".", "solutions"))
        exercises = len(lesson_answers.exercises(lesson.solution.stem[1]))
        assert solved.count("<summary>Solution</summary>") == exercises == page.count("answer = ...")
        work = [cell for cell in cells(lesson.solution, "code") if "solution" in cell.metadata.get("tags", ())]
        lines = {html.escape(line, quote=False) for cell in work for line in cell.source.splitlines()[:-1]}
        assert not [line for line in lines if line.startswith("answer =") and line in page]
        assert "One possible answer" in solved and "One possible answer" not in page
        assert f'href="{lesson.name}.html' not in solved and "solutions/" not in page
        for made in (page, solved):
            assert "http" not in re.sub(r'href="https?://[^"]*"|https?://[^\s<]*', "", made)
    assert build_record.records(tmp_path)[LESSONS[0].name]["card"]["title"] == LESSONS[0].title


def test_only_pages_that_are_not_made_of_the_same_are_made_anew(tmp_path, capsys):
    assert cli.main(["build", "lessons", "--out", str(tmp_path), "--quiet"]) == 0
    pages = {path.name: path.read_bytes() for path in tmp_path.glob("*.html")}
    (tmp_path / f"{LESSONS[1].name}.html").write_text("not what was built", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["build", "lessons", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line for line in said if "nothing changed" not in line] == [line for line in said if "two-ledgers" in line]
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.html")} == pages


def test_a_lesson_that_was_not_run_gets_no_page(made, capsys):
    assert cli.main(["build", "solutions", "--out", str(made.parent / "out")]) == 2
    assert capsys.readouterr().err.startswith("analysis: 01_one.ipynb has cells that were not run")
    assert not (made.parent / "out").exists()


def test_lessons_take_no_parameters(tmp_path, capsys):
    assert cli.main(["build", "lessons", "--out", str(tmp_path), "-p", "year=2018"]) == 2
    assert "have no parameters" in capsys.readouterr().err and not list(tmp_path.iterdir())


def test_an_answer_that_is_rounded_too_far_is_not_called_a_wrong_method():
    exact = lesson_answers.exercise("3.1").right  # -37.72…
    for answer in (round(exact), round(exact, 0)):
        assert "rounded too far" in judged("3.1", answer).words
    assert judged("3.1", round(exact, 1)).outcome == "right"


def test_the_kind_of_name_that_is_asked_for_is_told():
    assert "asks for names in quotes, and 20 is none" in judged("4.1", [20, 41]).words
    assert "asks for numbers, and q006 is none" in judged("2.6", ["q006"]).words


def test_words_have_a_sentence_for_whatever_word_is_wrong():
    held = [exercise for exercise in map(lesson_answers.exercise, EXERCISES) if isinstance(exercise, judging.Words)]
    assert held
    for exercise in held:
        pairs = {(label, word) for label in exercise.right for word in exercise.words}
        assert set(exercise.wrong) == pairs - set(exercise.right.items())


def exchanged(number, one, other):
    """The right answer with two of its values exchanged."""
    right = lesson_answers.exercise(number).right.to_dict()
    return right | {one: right[other], other: right[one]}


@pytest.mark.parametrize(
    ("number", "answer", "words"),
    [
        ("3.7", {2009: "largest", 2013: "smallest"}, "label stands before the colon"),
        ("3.7", {"largest": "2009", "smallest": "2013"}, 'without quotes, `{"largest": 0, "smallest": 0}`'),
        ("3.7", [2009, 2013], 'Write `{"largest": 0, "smallest": 0}`'),
        ("5.5", pd.DataFrame({"a": [1], "b": [2]}), "a table of 2 columns"),
        ("5.5", exchanged("5.5", "no change", "even odds"), "look at no change and even odds"),
        ("5.6", {"Poletaev": 0.09}, "write the whole name, `eduard poletaev`"),
        ("1.2", 5, "exercise asks which"),
        ("1.2", range(2004, 2019), "take those that belong from the table"),
        ("2.6", pd.Series({2011: 23.8, 2012: 23.9}), "its `.index`"),
        ("2.6", pd.Series({2011: True, 2012: False}), "in square brackets"),
        ("4.2", pd.Series([True, False, True]), "`.mean()` gives their share"),
        ("5.3", [55, 100], "subtract one from the other"),
        ("5.3", ["55", object()], "2 values"),
        ("3.3", {"points": -4.32, "percent": 78.47}, "`100 * (a / b - 1)`"),
    ],
)
def test_an_answer_of_the_wrong_form_is_told_what_to_write(number, answer, words):
    verdict = judged(number, answer)
    assert verdict.outcome == "wrong" and words in verdict.words


@pytest.mark.parametrize("number", ["2.3", "3.1", "3.2", "3.4"])
def test_the_one_that_was_subtracted_outside_the_brackets_is_named(number):
    exercise = lesson_answers.exercise(number)
    ratio = 1 + exercise.right / 100
    assert judged(number, 100 * ratio - 1).words == judging.ONE_OUTSIDE
