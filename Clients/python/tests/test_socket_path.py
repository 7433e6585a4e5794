"""Where the daemon is looked for."""

import os
import socket
import tempfile
import unittest
from unittest import mock

from customers import (
    CustomerClient,
    Outcome,
    PermissionDenied,
    Unavailable,
    default_socket_path,
)
from customers.socket_path import check_folder

from .support import need


class SocketPathTests(unittest.TestCase):
    def test_the_usual_path(self):
        user = os.geteuid()
        for environment, path in [
            ({"CUSTOMERS_SOCKET": "here", "XDG_RUNTIME_DIR": "/run/1"}, "here"),
            ({"CUSTOMERS_SOCKET": "", "XDG_RUNTIME_DIR": "/run/1"}, "/run/1/customers.sock"),
            ({"XDG_RUNTIME_DIR": "run", "TMPDIR": "/t//"}, f"/t/customers-{user}/customers.sock"),
            ({}, f"/tmp/customers-{user}/customers.sock"),
        ]:
            with self.subTest(environment):
                self.assertEqual(default_socket_path(environment), path)

    def test_a_folder_that_others_can_write_to_is_not_trusted(self):
        with tempfile.TemporaryDirectory() as temporary:
            folder = os.path.join(temporary, f"customers-{os.geteuid()}")
            path = os.path.join(folder, "customers.sock")
            check_folder(path)  # not there: nothing to connect to either
            os.mkdir(folder, 0o700)
            check_folder(path)
            os.chmod(folder, 0o722)
            with self.assertRaises(Unavailable) as caught:
                check_folder(path)
            expected = f"{folder} is not a folder that only this user can write to"
            self.assertEqual(caught.exception.message, expected)
            with mock.patch.dict(os.environ, {"TMPDIR": temporary}):
                os.environ.pop("CUSTOMERS_SOCKET", None)
                os.environ.pop("XDG_RUNTIME_DIR", None)
                with CustomerClient() as client, self.assertRaises(Unavailable) as caught:
                    client.status()
                self.assertEqual(caught.exception.message, expected)

    def test_no_daemon_is_said_at_once_and_with_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            with CustomerClient(f"{folder}/s") as client, self.assertRaises(Unavailable) as caught:
                client.status()
        self.assertIs(caught.exception.outcome, Outcome.NEVER_BEGUN)
        self.assertEqual(
            str(caught.exception),
            f"no daemon at {folder}/s; start customerd, or name its socket in CUSTOMERS_SOCKET",
        )

    def test_waiting_for_a_daemon_ends_when_none_comes(self):
        with tempfile.TemporaryDirectory() as folder, CustomerClient(f"{folder}/s") as client:
            with self.assertRaises(Unavailable) as caught:
                client.wait_until_ready(timeout=0.1)
        expected = f"no daemon answered within 0.1 s: no daemon at {folder}/s"
        self.assertEqual(caught.exception.message, expected)

    def test_a_path_that_will_not_do_is_named(self):
        for path in ("/" + "a" * 200, "/dev/null/s"):
            with CustomerClient(path) as client, self.assertRaises(Unavailable) as caught:
                client.status()
            self.assertTrue(caught.exception.message.startswith(f"{path}: "))

    def test_a_socket_of_somebody_else_is_said_to_be(self):
        """Root may do everything: a process of another user tries."""
        need(os.geteuid() == 0, "root")
        with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
            listener.bind(f"{folder}/s")
            listener.listen(1)
            os.chmod(f"{folder}/s", 0o600)
            for mode, reason in (
                (0o755, "it is user 0's and group 0's, with the mode 0600"),
                (0o700, "permission denied, perhaps by a folder on the way"),
            ):
                os.chmod(folder, mode)
                os.seteuid(65534)
                try:
                    with CustomerClient(f"{folder}/s") as client:
                        with self.assertRaises(PermissionDenied) as caught:
                            client.status()
                finally:
                    os.seteuid(0)
                expected = f"this user may not connect to {folder}/s: {reason}"
                self.assertEqual(caught.exception.message, expected)
                self.assertIs(caught.exception.outcome, Outcome.NEVER_BEGUN)
