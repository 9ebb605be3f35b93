"""What the comments of the cooperation notebook accept is what the tables hold."""

import pytest

from analysis.notebooks import folders
from analysis.notebooks.parameters import declared
from analysis.tables.store import load

SHOWN = ("arms_deliveries_tiv", "baikonur_launch_attempts", "fdi_inflow_eur_mn", "shared_igos", "un_agreement_share")


@pytest.fixture(scope="module")
def parameters():
    return declared(folders.NOTEBOOKS / "02_cooperation_areas.ipynb")


def test_areas_are_those_of_the_codebook(parameters):
    assert parameters["areas"].choices == tuple(load("areas")["area_id"])


def test_sections_are_those_that_speak_of_an_area_in_the_order_of_the_document(parameters):
    coded = load("passages")["paragraph"].isin(load("passage_areas")["paragraph"])
    repeated = load("passages")["duplicate_of"].isin(load("passage_areas")["paragraph"])
    sections = load("passages").loc[coded | repeated, "section"].unique()
    assert parameters["section"].choices == ("all", *sections)


def test_every_yearly_series_has_a_year_in_any_span_that_is_accepted(parameters):
    indicators = load("indicators")
    years = indicators[indicators["indicator"].isin(SHOWN)].groupby("indicator")["year"]
    assert parameters["start_year"].high == years.max().min()
    assert parameters["end_year"].low == years.min().max()
    assert parameters["end_year"].high == indicators["year"].max()
