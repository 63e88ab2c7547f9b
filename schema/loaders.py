"""Reads of one tick become one call of the store: a question over many users costs no more statements than over one."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlmodel import Session
from strawberry.dataloader import DataLoader

from store.advice import Key, advise
from store.advice.answers import Advice
from store.crypto import Vault
from store.models.shelf import Shelf

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")
P = ParamSpec("P")

Read = Callable[Concatenate[Session, list[K], P], Mapping[K, T]]
"""A function of the store that answers for many keys at once."""


class Run(Protocol):
    """Runs database work of the request's transaction in a thread."""

    def __call__(self, work: Callable[[Session], T]) -> Awaitable[T]: ...


class Loaders:
    """The loaders of one request, one for each read and its arguments; what was read is kept until a change."""

    def __init__(self, *, run: Run, vault: Vault, shelf: Shelf, now: datetime) -> None:
        self._run = run
        self._made: dict[Hashable, DataLoader[Any, Any]] = {}
        self.advice: DataLoader[Key, Advice] = DataLoader(
            lambda keys: run(lambda session: advise(session, vault, shelf, keys, now))
        )

    async def find(self, read: Read[K, P, T], key: K, /, *args: P.args, **named: P.kwargs) -> T | None:
        """What `read` answers for this key, None where nothing."""
        name = (read, args, tuple(sorted(named.items())))
        if name not in self._made:
            self._made[name] = self._loader(lambda session, keys: read(session, keys, *args, **named))
        found: T | None = await self._made[name].load(key)
        return found

    async def load(self, read: Read[K, P, T], key: K, /, *args: P.args, **named: P.kwargs) -> T:
        """What `read`, which answers for every key, answers for this one."""
        found = await self.find(read, key, *args, **named)
        if found is None:
            raise LookupError(f"{read} has no answer for {key}")
        return found

    def _loader(self, read: Callable[[Session, list[K]], Mapping[K, T]]) -> DataLoader[K, T | None]:
        async def load(keys: list[K]) -> list[T | None]:
            found = await self._run(lambda session: read(session, keys))
            return [found.get(key) for key in keys]

        return DataLoader(load)
