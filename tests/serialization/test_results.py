"""Fits beside the other results of a search: written at its end, listed and opened without solving."""

from __future__ import annotations

import copy
import errno
import logging
import os
import pickle
import shutil
import time
import zipfile
from types import SimpleNamespace

import fresh_fits
import pytest

import serialization
from serialization import CorruptError, MissingFitError, NotMappableError, UnsupportedValueError, results


class Analysis:
    """An analysis as PyAutoFit has them."""

    def __init__(self, dataset):
        self.dataset = dataset
        self.saved = []

    def save_results(self, paths, result):
        self.saved.append((paths, result))


@pytest.fixture(scope="module")
def fit():
    return fresh_fits.fresh_fit("adapt_image")


def test_a_fit_is_kept(tmp_path, fit):
    analysis = Analysis("dataset")
    assert results.keep_fit(analysis) is analysis
    results.keep_fit(analysis)  # once is enough
    assert isinstance(analysis, Analysis)
    assert type(analysis).__mro__[1] is Analysis
    assert type(analysis).__qualname__ == "Analysis"
    paths = SimpleNamespace(output_path=tmp_path / "search" / "identifier")
    result = SimpleNamespace(max_log_likelihood_fit=fit)
    analysis.save_results(paths=paths, result=result)
    assert analysis.saved == [(paths, result)]
    (stored,) = results.StoredFits(tmp_path)
    assert stored.name == "search/identifier"
    assert float(stored.load().log_evidence) == float(fit.log_evidence)
    assert stored.inspect().root == "autoarray.FitImaging"


def test_such_an_analysis_is_copied_and_pickled():
    analysis = results.keep_fit(Analysis("dataset"))
    for other in (pickle.loads(pickle.dumps(analysis)), copy.deepcopy(analysis), copy.copy(analysis)):
        assert type(other) is type(analysis)
        assert vars(other) == vars(analysis)
    assert type(Analysis("other")) is Analysis


def test_a_fit_that_fails_ends_no_search(tmp_path, caplog):
    analysis = results.keep_fit(Analysis("dataset"))
    paths = SimpleNamespace(output_path=tmp_path)
    with caplog.at_level(logging.WARNING, "serialization"):
        analysis.save_results(paths=paths, result=SimpleNamespace(max_log_likelihood_fit=len))
        analysis.save_results(paths=paths, result=SimpleNamespace())
    assert len(analysis.saved) == 2
    assert "the fit could not be kept: UnsupportedValueError" in caplog.text
    assert "the fit could not be kept: AttributeError" in caplog.text
    assert not (tmp_path / "files" / results.FILE).exists()


def test_what_is_no_analysis():
    with pytest.raises(UnsupportedValueError, match="expected one with save_results, found int"):
        results.keep_fit(1)
    with pytest.raises(UnsupportedValueError, match="expected a folder, found none at"):
        results.StoredFits("no such folder")


def test_a_result_without_a_fit_is_never_solved_again(tmp_path):
    folder = tmp_path / "search" / "files"
    folder.mkdir(parents=True)
    (folder / "model.json").write_text("{}")
    (tmp_path / "image" / "files").mkdir(parents=True)  # of something else
    (stored,) = results.StoredFits(tmp_path)
    assert not stored.exists
    for call in (stored.load, stored.inspect):
        with pytest.raises(
            MissingFitError, match=r"expected the fit as files/fit\.aas, found none: .*Nothing is solved"
        ):
            call()
    assert len(results.StoredFits(tmp_path, stored_only=True)) == 0


def test_many_results_are_listed_soon(tmp_path, fit):
    first = tmp_path / "first.aas"
    serialization.save(fit, first)
    for index in range(300):
        folder = tmp_path / "output" / f"search_{index % 10}" / f"{index:04}" / "files"
        folder.mkdir(parents=True)
        shutil.copyfile(first, folder / results.FILE)
        (folder / "model.json").write_text("{}")
    start = time.perf_counter()
    found = results.StoredFits(tmp_path / "output")
    assert time.perf_counter() - start < 2.0
    assert len(found) == 300
    assert repr(found).endswith("300 results>")
    assert [each.name for each in found[:2]] == ["search_0/0000", "search_0/0010"]
    assert sum(1 for _ in zip(found.fits(), range(3), strict=False)) == 3


def test_the_warning_of_a_search_that_removes_its_fit(tmp_path, fit, caplog):
    """A search with `session=` makes no `.zip`."""
    result = SimpleNamespace(max_log_likelihood_fit=fit)
    cases = [(None, True), (object(), False), (object(), True)]
    with caplog.at_level(logging.WARNING, "serialization"):
        for session, remove_files in cases:
            assert caplog.text == ""
            paths = SimpleNamespace(output_path=tmp_path, session=session, remove_files=remove_files)
            results.keep_fit(Analysis("dataset")).save_results(paths=paths, result=result)
    assert "fit.aas: the fit is kept no longer than its folder" in caplog.text
    assert "expected remove_files: false" in caplog.text


def test_a_fit_that_can_not_be_written_leaves_the_one_before_whole(tmp_path, fit, monkeypatch, caplog):
    paths, result = SimpleNamespace(output_path=tmp_path), SimpleNamespace(max_log_likelihood_fit=fit)
    analysis = results.keep_fit(Analysis("dataset"))
    analysis.save_results(paths=paths, result=result)
    before = (tmp_path / "files" / results.FILE).read_bytes()

    def full(source, target, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with caplog.at_level(logging.WARNING, "serialization"):
        analysis.save_results(paths=paths, result=result)
    assert "the fit could not be kept" in caplog.text
    assert [each.name for each in (tmp_path / "files").iterdir()] == [results.FILE]
    assert (tmp_path / "files" / results.FILE).read_bytes() == before


# The hash that PyAutoFit makes of these parts, which it writes a line each into `.identifier`.
PARTS, IDENTIFIER = "DynestyStatic\nnlive\n15", "f26350fdb37d5fb99c6aed04e0e5aa3f"


@pytest.mark.parametrize("is_packed", [False, True])
def test_the_result_of_a_row(tmp_path, fit, result, is_packed):
    """The folder of a result need not have its identifier as its name: those of a grid search don't."""
    other = tmp_path / "made" / "0123"
    shutil.copytree(result, other)
    (result / ".identifier").write_text(PARTS)
    if is_packed:
        packed(result, result.with_suffix(".zip"))
        shutil.rmtree(result)
    fits = results.StoredFits(tmp_path)
    assert len(fits) == 2
    stored = fits.of(SimpleNamespace(id=IDENTIFIER))
    assert (stored.identifier, stored.name) == (IDENTIFIER, "made/identifier")
    assert float(stored.load().log_evidence) == float(fit.log_evidence)
    assert fits.of("0123").folder == other
    with pytest.raises(
        MissingFitError, match=r"row: expected the identifier of one of the 2 results below .*, found 4"
    ):
        fits.of("4567")
    with pytest.raises(UnsupportedValueError, match="row: expected one of an aggregator, with an id, found int"):
        fits.of(4567)


def test_a_row_of_two_results_is_an_error(tmp_path, result):
    shutil.copytree(result, tmp_path / "copied" / result.name)
    with pytest.raises(UnsupportedValueError, match=r"which 2 have: copied/identifier, made/identifier; list a folder"):
        results.StoredFits(tmp_path).of("identifier")
    assert results.StoredFits(tmp_path / "made").of("identifier").exists


def packed(source, target, method=zipfile.ZIP_DEFLATED):
    """A `.zip` of a folder, as PyAutoFit writes it."""
    with zipfile.ZipFile(target, "w", method) as archive:
        for path in sorted(source.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(source))
    return target


@pytest.fixture
def result(tmp_path, fit):
    """The folder of one result."""
    folder = tmp_path / "made" / "identifier"
    (folder / "files").mkdir(parents=True)
    serialization.save(fit, folder / "files" / results.FILE)
    (folder / "files" / "model.json").write_text("{}")
    return folder


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA])
def test_a_fit_in_a_zip_is_opened_there(tmp_path, fit, result, method):
    output = tmp_path / "output"
    (output / "search").mkdir(parents=True)
    path = packed(result, output / "search" / "identifier.zip", method)
    (stored,) = results.StoredFits(output, stored_only=True)
    assert (stored.name, stored.archive, stored.exists) == ("search/identifier", path, True)
    assert stored.folder == output / "search" / "identifier"
    assert stored.path == path / "files" / "fit.aas"
    assert float(stored.load().log_evidence) == float(fit.log_evidence)
    assert stored.inspect().root == "autoarray.FitImaging"
    with pytest.raises(NotMappableError, match=r"expected a fit in a file of its own, found .*unpack it first"):
        stored.load(mmap=True)
    assert [each.name for each in output.rglob("*")] == ["search", "identifier.zip"]


def test_a_result_with_its_zip_is_listed_once(tmp_path, result):
    packed(result, result.with_suffix(".zip"))
    (stored,) = results.StoredFits(tmp_path)
    assert stored.archive is None
    (result / "files" / results.FILE).unlink()  # what is left of a result that is packed
    (stored,) = results.StoredFits(tmp_path)
    assert stored.archive == result.with_suffix(".zip")
    assert stored.exists


def test_a_zip_of_many_results(tmp_path, result):
    packed(result.parent.parent, tmp_path / "all.zip")
    shutil.rmtree(result.parent)
    assert [each.name for each in results.StoredFits(tmp_path)] == ["all/made/identifier"]
    assert results.StoredFits(tmp_path)[0].load().log_evidence


def test_other_zips_are_no_results(tmp_path, caplog):
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("files/notes.txt", "")
    with zipfile.ZipFile(tmp_path / "without.zip", "w") as archive:
        archive.writestr("files/model.json", "{}")
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04half of it")
    with caplog.at_level(logging.WARNING, "serialization"):
        (stored,) = results.StoredFits(tmp_path)
    assert "half.zip: not listed: " in caplog.text
    assert stored.name == "without"
    with pytest.raises(MissingFitError, match=r"without\.zip: expected the fit as files/fit\.aas, found none"):
        stored.load()
    assert len(results.StoredFits(tmp_path, stored_only=True)) == 0


def test_a_damaged_zip_is_an_error(tmp_path, result):
    path = packed(result, tmp_path / "identifier.zip", zipfile.ZIP_STORED)
    shutil.rmtree(result)
    data = bytearray(path.read_bytes())
    data[data.index(b"AASTATE") + 200] ^= 1
    path.write_bytes(data)
    with pytest.raises(CorruptError, match=r"expected files/fit\.aas as it was written, found: Bad CRC"):
        results.StoredFits(tmp_path)[0].load()


def test_a_zip_never_makes_more_memory_than_it_can_fill(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("files/fit.aas", bytes(10**7))
    assert path.stat().st_size < 1000
    with pytest.raises(CorruptError, match=r"expected files/fit\.aas to be of at most 1032 times"):
        results.StoredFits(tmp_path)[0].load()
