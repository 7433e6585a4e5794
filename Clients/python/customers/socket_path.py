"""Where the daemon is found, and how a socket there is connected."""

from __future__ import annotations

import os
import socket
import stat
from typing import Mapping, Optional

from .deadline import Deadline
from .errors import PermissionDenied, Unavailable


def default_socket_path(environment: Optional[Mapping[str, str]] = None) -> str:
    """Returns where the daemon listens when nobody says otherwise.

    `$CUSTOMERS_SOCKET`, else `customers.sock` in `$XDG_RUNTIME_DIR`, else in a folder of the user's
    own under the temporary folder.
    """
    variables = os.environ if environment is None else environment
    named = variables.get("CUSTOMERS_SOCKET")
    if named:
        return named
    folder = variables.get("XDG_RUNTIME_DIR", "")
    if folder.startswith("/"):
        return f"{folder}/customers.sock"
    temporary = variables.get("TMPDIR") or "/tmp"
    return f"{temporary.rstrip('/') or '/'}/customers-{os.geteuid()}/customers.sock"


def check_folder(path: str) -> None:
    """Checks that nobody else could have put a socket at a path in the temporary folder.

    Raises Unavailable if the folder, of the form that `default_socket_path` makes up, is somebody
    else's or others may write to it. A folder that isn't there is no error here.
    """
    folder = os.path.dirname(path)
    if not folder.endswith(f"-{os.geteuid()}"):
        return
    try:
        found = os.lstat(folder)
    except OSError:
        return
    is_private = found.st_uid == os.geteuid() and not found.st_mode & 0o022
    if not (stat.S_ISDIR(found.st_mode) and is_private):
        raise Unavailable(f"{folder} is not a folder that only this user can write to")


class NotServed(Unavailable):
    """Nobody listens at the path; a daemon that restarts will in a moment."""


class Busy(Unavailable):
    """The daemon is there, and too many connections wait for it."""


def _owner(path: str) -> str:
    """Says whose a socket is and who may write to it, which is to connect."""
    try:
        found = os.stat(path)
    except OSError:
        return "permission denied, perhaps by a folder on the way"
    mode = stat.S_IMODE(found.st_mode)
    return f"it is user {found.st_uid}'s and group {found.st_gid}'s, with the mode {mode:04o}"


def connect(path: str, deadline: Deadline) -> socket.socket:
    """Returns a socket that is connected to a path.

    Raises NotServed, Busy, PermissionDenied, or Unavailable for a path that will not do.
    """
    connecting = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connecting.settimeout(deadline.remaining())
        connecting.connect(path)
        return connecting
    except BaseException as error:
        connecting.close()
        if isinstance(error, (FileNotFoundError, ConnectionRefusedError)):
            raise NotServed(f"no daemon at {path}") from None
        if isinstance(error, PermissionError):
            raise PermissionDenied(f"this user may not connect to {path}: {_owner(path)}") from None
        if isinstance(error, (BlockingIOError, socket.timeout)):
            raise Busy(f"daemon at {path} takes no more connections now") from None
        if isinstance(error, (OSError, ValueError)):
            reason = getattr(error, "strerror", None) or str(error)
            raise Unavailable(f"{path}: {reason}") from None
        raise
