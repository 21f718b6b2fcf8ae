"""`drop_in` puts this project in place of PyAutoArray, `drop_out` puts PyAutoArray back."""

from __future__ import annotations

import os
from pathlib import Path

from serialization._installation import build, record, swap
from serialization._installation.environment import Distribution, Environment, UnfitError
from serialization._installation.fitness import check_fit, owned, packages_for, why_not
from serialization._installation.requirements import bring, brought_by, unused_of
from serialization._installation.state import DROP_IN, KEPT, LOCAL, PYAUTOARRAY, kept_of, note_of, state_of


def drop_in(path: str | os.PathLike[str], source: Path = build.SOURCE) -> str:
    """Put this project in place of PyAutoArray in an environment with PyAutoLens or PyAutoGalaxy.

    It is all done or nothing is: if a step fails, the environment is as it was. What an interrupted run left is undone
    first. Nothing is fetched, unless msgpack or xxhash is missing.

    Parameters
    ----------
    path
        The folder of the environment, or its interpreter.
    source
        The folder that holds the packages to put there; by default those that this code belongs to.

    Returns
    -------
    What was done, in a sentence.

    Raises
    ------
    UnfitError
        If the environment isn't fit for it; the message says what to do.
    swap.BusyError
        If another process is changing it.
    """
    environment = _recovered(path)
    version = build.our_version(source)
    state = state_of(environment)
    check_fit(environment, state)
    theirs = state.distribution
    assert theirs is not None
    packages = packages_for(environment, state)
    digest = build.digest_of(packages, source)
    note = note_of(environment) if state.kind == DROP_IN else {"replaced": theirs.version, "brought": []}
    if state.kind == DROP_IN and note["digest"] == digest and not state.problems:
        return (
            f"autoarray-portable {version} is in place of PyAutoArray {state.release} already: {environment.packages}"
        )
    if state.kind == DROP_IN and kept_of(theirs) is None:
        raise UnfitError(
            f"{theirs.folder / KEPT}: the files that the drop-in replaced are gone or changed. Put PyAutoArray back "
            "first: `autoarray-state drop-out`"
        )
    brought = bring(environment, build.our_requirements(source))
    try:
        note |= {"by": version, "digest": digest, "brought": [*note["brought"], *brought]}  # type: ignore[misc]
        _replace(environment, theirs, packages, note, source)
    except BaseException:
        if brought:
            environment.pip("uninstall", "--yes", *brought)
        raise
    return f"autoarray-portable {version} is in place of PyAutoArray {note['replaced']}: {environment.packages}"


def drop_out(path: str | os.PathLike[str]) -> str:
    """Put PyAutoArray back where `drop_in` replaced it: the same files, byte for byte.

    If the files that were kept are gone or changed, pip fetches the release. What an interrupted run left is undone
    first.

    Parameters
    ----------
    path
        The folder of the environment, or its interpreter.

    Returns
    -------
    What was done, in a sentence.

    Raises
    ------
    UnfitError
        If there is no drop-in, or pip fails; the message says what to do.
    swap.BusyError
        If another process is changing it.
    """
    environment = _recovered(path)
    state = state_of(environment)
    if state.kind == PYAUTOARRAY and not state.problems:
        return f"PyAutoArray {state.release} is in its place already: {environment.packages}"
    if state.kind != DROP_IN:
        raise UnfitError(why_not(environment, state))
    ours, release = state.distribution, state.release
    assert ours is not None
    brought = brought_by(environment)
    how = ""
    if kept_of(ours) is not None:
        with swap.staging(environment.packages) as folder:
            new = build.unpack(ours.folder / KEPT, folder / "new")
            into = [(path, environment.packages / path.name) for path in new]
            swap.perform(folder, _places_of(environment, ours), into)
            _verify(environment, str(release), ("autoarray",))
            swap.finish(folder)
    else:
        environment.pip("install", "--force-reinstall", "--no-deps", f"autoarray=={release}")
        how = ", fetched by pip, for the kept files were gone or changed"
    unused = unused_of(environment.again(), brought)
    if unused:
        environment.pip("uninstall", "--yes", *unused)
    return f"PyAutoArray {release} is back in its place{how}: {environment.packages}"


def _recovered(path: str | os.PathLike[str]) -> Environment:
    """The environment, in which what an interrupted run left is undone."""
    environment = Environment.of(path)
    undone = swap.recover(environment.packages)
    # An environment that was put back may have another `autoarray` than the interpreter found.
    return Environment.of(path) if undone else environment


def _replace(
    environment: Environment, theirs: Distribution, packages: tuple[str, ...], note: dict[str, object], source: Path
) -> None:
    with swap.staging(environment.packages) as folder:
        kept = folder / KEPT
        if (earlier := kept_of(theirs)) is not None:
            kept = earlier
        else:
            build.keep(environment, theirs, kept)
        into = build.build(environment, theirs, packages, note, kept, folder / "new", source)
        swap.perform(folder, _places_of(environment, theirs), into)
        _verify(environment, f"{note['replaced']}{LOCAL}{note['by']}", packages)
        swap.finish(folder)


def _verify(environment: Environment, version: str, packages: tuple[str, ...]) -> None:
    """Import what was put in place, in the environment."""
    lines = ["import importlib.metadata", f"assert importlib.metadata.version('autoarray') == {version!r}"]
    for package in packages:
        origin = str(environment.packages / package / "__init__.py")
        lines += [f"import {package}", f"assert {package}.__file__ == {origin!r}, {package}.__file__"]
    environment.check("\n".join(lines))


def _places_of(environment: Environment, distribution: Distribution) -> list[Path]:
    """The files and folders that go with PyAutoArray, or with a drop-in."""
    places = [environment.packages / name for name in owned(distribution)]
    has_command = any(row.path.startswith("..") for row in record.rows_of(distribution.folder))
    return [*places, environment.scripts / build.COMMAND] if has_command else places
