"""Asks the schema of the repository on the path: DATABASE_URL, key in hex, user and document; prints JSON."""

import asyncio
import json
import sys
from uuid import UUID

from schema.context import Context
from schema.schema import print_sdl, schema
from schema.viewer import Viewer
from store.artifacts import Archive, Keyring
from store.crypto import Vault
from store.models.shelf import Shelf
from store.session import connect, transaction

url, key, user, document = sys.argv[1:]
engine = connect(url)
with transaction(engine, users=[UUID(user)]) as session:
    viewer = Viewer(subject=user, is_admin=False, user_id=UUID(user))
    shelf = Shelf(Archive(url="memory://none", keys=Keyring((bytes.fromhex(key),))))
    context = Context(viewer=viewer, session=session, vault=Vault((bytes.fromhex(key),)), shelf=shelf)
    result = asyncio.run(schema.execute(document, context_value=context))
engine.dispose()
errors = [error.formatted for error in result.errors or []]
print(json.dumps({"sdl": print_sdl(), "data": result.data, "errors": errors}))
