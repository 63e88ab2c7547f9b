"""Folders that the embedded servers can reach, and nobody else can enter."""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from server.errors import ServerError
from server.processes import identity

SOCKET_PATH_BYTES = 90  # sun_path holds 104 (macOS) or 108 (Linux); the socket's own name is to fit as well
SHARED_BASES = (Path("/var/lib"), Path("/var/tmp"), Path("/tmp"))  # noqa: S108 - only folders of ours, checked, inside


def socket_folder(data: Path, user: int) -> Path:
    """A private folder with a short path, the same one for the same data folder and user."""
    name = f"finrec-{user}-{fingerprint(data)}"
    for base in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - see private
        if len(str(base / name)) <= SOCKET_PATH_BYTES and reachable(base, user):
            return private(base / name, user)
    raise ServerError(f"No temporary folder with a path short enough for a socket: {tempfile.gettempdir()}")


def private(folder: Path, user: int) -> Path:
    """The folder with mode 0700, made if missing, refused if it belongs to somebody else."""
    try:
        folder.mkdir(mode=0o700)
        if user != os.geteuid():
            os.chown(folder, user, -1)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user:
        raise ServerError(f"{folder} belongs to somebody else; remove it or set TMPDIR.")
    folder.chmod(0o700)
    return folder


def reachable(folder: Path, user: int) -> bool:
    """Whether the user can walk to the folder and enter it."""
    command = ["/bin/sh", "-c", 'test -x "$1"', "sh", str(folder.resolve())]
    return subprocess.run(command, cwd="/", check=False, **identity(user)).returncode == 0


def shared_base(user: int) -> Path:
    """Where a service user can keep files when it cannot reach the data folder."""
    for base in SHARED_BASES:
        if os.access(base, os.W_OK) and reachable(base, user):
            return base
    raise ServerError("No folder for the embedded PostgreSQL: set DATABASE_URL, or do not run as root.")


def copy_once(source: Path, target: Path) -> Path:
    """A copy of a folder that is complete or not there at all."""
    if target.exists() and target.lstat().st_uid == os.geteuid():
        return target
    target.parent.mkdir(exist_ok=True, mode=0o755)
    half = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=target.parent))
    shutil.copytree(source, half, symlinks=True, dirs_exist_ok=True)
    half.chmod(0o755)
    try:
        half.rename(target)
    except OSError:  # another process was first
        shutil.rmtree(half)
    return target


def fingerprint(path: Path) -> str:
    """Eight characters that stand for a path."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:8]
