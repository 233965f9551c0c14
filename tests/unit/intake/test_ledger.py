import numpy as np
import pytest

from alongside.intake.ledger import CELL, Books, Ledger


def test_books_that_do_not_balance_are_our_bug():
    with pytest.raises(AssertionError, match="10 rows in, 8 kept, 1 set aside"):
        Books("s").enter("step", unit="rows", n_in=10, n_kept=8, n_set_aside=1)


def test_nothing_gets_lost_between_two_steps():
    books = Books("s")
    books.enter("one", unit="rows", n_in=10, n_kept=8, n_set_aside=2)
    with pytest.raises(AssertionError, match="lost between two steps"):
        books.enter("two", unit="rows", n_in=7, n_kept=7, n_set_aside=0)


def test_units_are_counted_apart():
    books = Books("s")
    books.enter("one", unit="rows", n_in=10, n_kept=8, n_set_aside=2)
    books.enter("one", unit="cells", n_in=3, n_kept=3, n_set_aside=0)
    assert books.table()[["unit", "n_kept"]].to_numpy().tolist() == [["rows", 8], ["cells", 3]]


def test_single_values_are_repeated_for_every_row():
    ledger = Ledger("s")
    ledger.add(rule="r", action=CELL, file="f.csv", row=np.array([4, 7]), found=np.array(["x", "y"], dtype=object))
    table = ledger.table()
    assert table["row"].tolist() == [4, 7]
    assert table["file"].tolist() == ["f.csv", "f.csv"]
    assert table["found"].tolist() == ["x", "y"]


def test_an_empty_selection_adds_nothing():
    ledger = Ledger("s")
    ledger.add(rule="r", action=CELL, row=np.array([], dtype=int))
    assert ledger.table().empty


def test_a_formula_in_a_cell_is_only_text_in_the_ledger():
    ledger = Ledger("s")
    ledger.add(rule="r", action=CELL, found=np.array(['=HYPERLINK("http://x")', "@x", "+a", "-5", "-a"], dtype=object))
    assert ledger.table()["found"].tolist() == ['\'=HYPERLINK("http://x")', "'@x", "'+a", "-5", "'-a"]


def test_a_formula_in_a_header_a_label_or_a_reason_is_only_text_too():
    ledger = Ledger("s")
    ledger.add(rule="r", action=CELL, column="=cmd", found="\uff1d1+1", allowed="+a; b", remedy="@me")
    row = ledger.table().iloc[0]
    assert row[["column", "found", "allowed", "remedy"]].tolist() == ["'=cmd", "'\uff1d1+1", "'+a; b", "'@me"]
