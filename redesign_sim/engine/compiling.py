"""Where compiled code is kept, and under which digest: an edited rule must never run in its old form.

Numba's own cache looks only at the file of the cached function. So the folder's name is a digest of everything that
the compiled code is made from.
"""

from __future__ import annotations

import gc
import hashlib
import os
import platform
import tempfile
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numba
from filelock import FileLock, Timeout
from llvmlite.binding import Linkage
from numba import types
from numba.core import cgutils, event
from numba.core.callconv import CPUCallConv
from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.targetconfig import TargetConfig
from numba.np import arrayobj
from platformdirs import user_cache_path

import redesign_sim
from redesign_sim.engine import waiting
from redesign_sim.engine.reference import WorldReference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SOURCES = ("rulekit.py", "things.py", "roles.py", "draws.py", "happenings.py", "month.py", "rules", "world", "engine")


@cache
def digest() -> str:
    """A digest of the sources of rules, draws, month, world and engine, and of what compiles them."""
    package = Path(redesign_sim.__file__).parent
    sink = hashlib.sha256()
    for name in SOURCES:
        place = package / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            sink.update(file.relative_to(package).as_posix().encode())
            sink.update(file.read_bytes().replace(b"\r\n", b"\n"))
    for maker in ("numpy", "numba", "llvmlite"):
        sink.update(f"{maker}={version(maker)}".encode())
    sink.update(f"{platform.python_version()} {platform.machine()} {numba.config.OPT}".encode())
    return sink.hexdigest()[:20]


@cache
def folder() -> Path | None:
    """The folder that keeps compiled code, or None where nothing can be written (then it is compiled each time)."""
    stated = os.environ.get("REDESIGN_SIM_CACHE")
    place = (Path(stated) if stated else user_cache_path("redesign-sim", appauthor=False)) / digest()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            pass
    except OSError:
        return None
    return place


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The compiled form of an entry of the engine; it releases the GIL, so that replications run side by side.

    With the compiler off (`NUMBA_DISABLE_JIT`) it is the function itself.
    """
    place, before = folder(), numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(place or "")
    try:
        entry = numba.njit(cache=place is not None, nogil=True, _nrt=False, boundscheck=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    return function if entry is function else _optimised_once(entry)


def _optimised_once(entry: Any) -> Callable[..., Any]:  # noqa: ANN401  a dispatcher of numba's
    """An entry that is compiled, the first time it is called, with the rules that it calls optimised along with it."""
    compiling = Lock()

    def call(*arguments: object) -> None:
        if not entry.signatures:
            with compiling:
                if not entry.signatures:
                    _have_compiled(entry, tuple(numba.typeof(argument) for argument in arguments))
        entry(*arguments)

    call.entry = entry  # type: ignore[attr-defined]
    return call


def _have_compiled(entry: Any, kinds: tuple[Any, ...]) -> None:  # noqa: ANN401  a dispatcher, types
    """Load an entry as it was kept, or compile and keep it, while other processes that need it wait for it."""
    if _is_kept(entry, kinds):
        entry.compile(kinds)
        return
    name = entry.py_func.__qualname__
    with _alone(entry), waiting.told_of_functions(), _unhindered(), _only_the_entry_is_finished(name):
        entry.compile(kinds)


def _is_kept(entry: Any, kinds: tuple[Any, ...]) -> bool:  # noqa: ANN401
    """Whether the folder has an entry for arguments of these kinds, as far as its index says."""
    kept = getattr(entry._cache, "_cache_file", None)  # noqa: SLF001  numba says how often it loaded, not whether it can
    if kept is None:
        return False
    return entry._cache._index_key(kinds, entry.targetctx.codegen()) in kept._load_index()  # noqa: SLF001


@contextmanager
def _alone(entry: Any) -> Iterator[None]:  # noqa: ANN401
    """Let no other process compile the entry meanwhile. The lock dies with its process; where there can be none, each
    compiles for itself, which costs time and spoils nothing: files are written whole or not at all.
    """
    kept = getattr(entry._cache, "_cache_file", None)  # noqa: SLF001
    if kept is None:
        yield
        return
    lock = FileLock(f"{kept._index_path}.lock")  # noqa: SLF001
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting.tell(waiting.ELSEWHERE, 0.0)
        lock.acquire()
    except (OSError, NotImplementedError):
        yield
        return
    try:
        yield
    finally:
        lock.release()


def _keep_to_itself(library: Any) -> None:  # noqa: ANN401
    """Hide the functions inside an entry from other entries.

    Numba names a function by its place in the order of compiling. Entries that two processes compiled and cached may
    hold different closures under one name, and would call each other's once both are loaded.
    """
    for function in library._final_module.functions:  # noqa: SLF001
        if not function.is_declaration and function.linkage == Linkage.linkonce_odr:
            function.linkage = Linkage.internal


def _as_it_is(context: Any, builder: Any, kind: Any, index: Any, size: Any) -> Any:  # noqa: ANN401, ARG001
    """An index is taken as it is: a negative one counts from no end."""
    return context.cast(builder, index, kind, types.intp)


def _within(context: Any, builder: Any, index: Any, size: Any, axis: int | None = None) -> None:  # noqa: ANN401, ARG001
    """Raise where an index lies beyond either end, found out by one comparison: a negative one is a huge one."""
    with cgutils.if_unlikely(builder, builder.icmp_unsigned(">=", index, size)):
        context.call_conv.return_user_exc(builder, IndexError, ("index is out of bounds",))


_decorate = CPUCallConv.decorate_function


def _written_by_nobody(convention: Any, function: Any, names: Any, kinds: Any, noalias: bool = False) -> None:  # noqa: ANN401, FBT001, FBT002  as numba calls it
    """Say of a pointer to the world that nothing is written to where it points: the places of the world's parts are
    then fetched once instead of after each writing.
    """
    _decorate(convention, function, names, kinds, noalias)
    handed = iter(convention.get_arguments(function))
    for kind in kinds:
        for _ in convention._get_arg_packer([kind]).argument_types:  # noqa: SLF001
            argument = next(handed)
            if isinstance(kind, WorldReference):
                argument.add_attribute("noalias")


@contextmanager
def _unhindered() -> Iterator[None]:
    """Compile without what takes a tenth of the time and gives nothing here.

    That is: collecting garbage, of which there is none before the end; telling the timers of every function in hand of
    every lock of every other; and asking flags for their values one by one in order to compare them.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        untimed = patch.object(event, "install_timer", lambda *_: nullcontext())
        with untimed, patch.object(TargetConfig, "values", _values_at_once):
            yield
    finally:
        if collects:
            gc.enable()


def _values_at_once(flags: Any) -> dict[str, Any]:  # noqa: ANN401  flags of numba's
    stated = flags._values  # noqa: SLF001
    return {name: stated.get(name, option.default) for name, option in flags.options.items()}


@contextmanager
def _only_the_entry_is_finished(name: str) -> Iterator[None]:
    """While this thread compiles an entry, leave the functions under it as they are until they stand in the entry.

    Numba optimises each function together with all that it calls, and makes machine code of it, before its callers
    are compiled: a rule six calls deep is optimised six times. Here everything is optimised once, inside the entry
    (a fifth of the time). What numba keeps of a function that was left alone still links into others.

    Indices are looked at once instead of three times: whether they count from the end, lie beyond it, or before the
    beginning.
    """
    mine = get_ident()
    optimise, finish, set_env = (
        JITCodeLibrary._optimize_final_module,  # noqa: SLF001  numba offers no other way
        JITCodeLibrary._finalize_final_module,  # noqa: SLF001
        JITCPUCodegen.set_env,
    )

    def waits(library: Any) -> bool:  # noqa: ANN401
        return get_ident() == mine and library.name != name

    def optimise_later(library: Any) -> None:  # noqa: ANN401
        if not waits(library):
            waiting.tell(waiting.OPTIMISING, waiting.READ)
            _keep_to_itself(library)
            optimise(library)

    def finish_later(library: Any) -> None:  # noqa: ANN401
        if waits(library):
            library._finalize_dynamic_globals()  # noqa: SLF001
            library._finalized = True  # noqa: SLF001
        else:
            finish(library)

    def set_env_of_what_is_there(codegen: Any, env_name: str, env: Any) -> None:  # noqa: ANN401
        if codegen._engine.get_global_value_address(env_name):  # noqa: SLF001
            set_env(codegen, env_name, env)

    with ExitStack() as patches:
        for owner, attribute, stand_in in (
            (CPUCallConv, "decorate_function", _written_by_nobody),
            (JITCodeLibrary, "_optimize_final_module", optimise_later),
            (JITCodeLibrary, "_finalize_final_module", finish_later),
            (JITCPUCodegen, "set_env", set_env_of_what_is_there),
            (arrayobj, "fix_integer_index", _as_it_is),
            (cgutils, "do_boundscheck", _within),
        ):
            patches.enter_context(patch.object(owner, attribute, stand_in))
        yield
