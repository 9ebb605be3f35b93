"""Numbers, counts, lists and names read as a sentence has them."""

from analysis.exhibits.wording import inside, listed, number, plain, scaled, shortened, signed, spell


def test_numbers_have_parted_thousands_and_true_signs():
    assert (number(-1234.56), number(2, 0), number(-0.04)) == ("−1,234.6", "2", "0.0")
    assert (signed(3), signed(-1234.56)) == ("+3.0", "−1,234.6")
    assert (scaled(23.5e9, "USD"), scaled(7, "percent"), scaled(2, "tonnes")) == ("US$ 23.50 bn", "7.0 %", "2 tonnes")
    assert scaled(float("nan"), "USD") == ""


def test_counts_and_lists():
    assert (listed([]), listed(["a"]), listed("ab"), listed("abc")) == ("none", "a", "a and b", "a, b and c")
    assert (spell(1, "line"), spell(2, "line"), spell(2, "probability", "probabilities")) == (
        "1 line",
        "2 lines",
        "2 probabilities",
    )


def test_names_inside_sentences_and_on_labels():
    assert (inside("Stone and glass"), plain("very_likely"), plain(None)) == ("stone and glass", "very likely", "")
    assert shortened("Stone, glass and precious metals", 18) == "Stone, glass and…"
    assert shortened("Metals", 18) == "Metals"
