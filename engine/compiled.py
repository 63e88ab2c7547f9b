"""How kernels are compiled."""

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Numba's compiled version, kept on disk; where no folder can be written to, compiled anew in each process.

    A kernel kept on disk is compiled again when its own file changes, not when another does (numba 0.68 too): so
    kernels call only kernels of their own file, and who changes a constant of another file that a kernel reads clears
    its `__pycache__`. No fast maths: it breaks NaN and infinity.
    """
    return _compile(function, {})


def lookup(function: Function) -> Function:
    """The same for kernels that make no arrays: without numba's counting of references, which takes half their time."""
    return _compile(function, {"_nrt": False})


def _compile(function: Function, options: dict[str, Any]) -> Function:
    # nogil: a server's other threads go on meanwhile.
    try:
        kernel: Function = njit(cache=True, nogil=True, error_model="numpy", **options)(function)
    except RuntimeError:  # numba: "no locator available", that is nowhere to write
        kernel = njit(nogil=True, error_model="numpy", **options)(function)
    return kernel
