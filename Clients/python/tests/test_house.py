"""The house's rules for this folder, and the examples of its README."""

import ast
import contextlib
import io
import os
import re
import sys
import tempfile
import unittest
from unittest import mock

from .support import PACKAGE, DaemonTestCase, offered

LINES_MAX, COLUMNS_MAX = 500, 100
NEEDED_BY_TESTS = {"customers", "google"}


class HouseTests(unittest.TestCase):
    FILES = sorted([*PACKAGE.glob("customers/*.py"), *PACKAGE.glob("tests/*.py")])

    def test_files_fit_a_sitting(self):
        self.assertGreater(len(self.FILES), 20)
        for file in self.FILES:
            lines = file.read_text(encoding="utf-8").splitlines()
            with self.subTest(file.name):
                self.assertLessEqual(len(lines), LINES_MAX)
                self.assertLessEqual(max(map(len, lines)), COLUMNS_MAX)

    def test_all_is_python_3_9(self):
        for file in self.FILES:
            ast.parse(file.read_text(encoding="utf-8"), file.name, feature_version=(3, 9))

    @unittest.skipIf(sys.version_info < (3, 10), "this Python doesn't know its own modules")
    def test_nothing_but_the_standard_library_is_imported(self):
        for file in self.FILES:
            imported = set()
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    imported |= {name.name.partition(".")[0] for name in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    imported.add(node.module.partition(".")[0])
            allowed = NEEDED_BY_TESTS if file.parent.name == "tests" else set()
            with self.subTest(file.name):
                self.assertLessEqual(imported - sys.stdlib_module_names, allowed)

    def test_everything_says_what_it_is(self):
        for file in PACKAGE.glob("customers/*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            self.assertTrue(ast.get_docstring(tree), file.name)
            kinds = (ast.ClassDef, ast.FunctionDef)
            for node in ast.walk(tree):
                if isinstance(node, kinds) and not node.name.startswith("_"):
                    with self.subTest(f"{file.name}: {node.name}"):
                        self.assertTrue(ast.get_docstring(node) or is_inner(tree, node))


def is_inner(tree, node):
    """Whether a function stands in another."""
    functions = [it for it in ast.walk(tree) if isinstance(it, ast.FunctionDef) and it is not node]
    return any(node in ast.walk(function) for function in functions)


class ReadMeTests(DaemonTestCase):
    """The blocks of the README, one after the other."""

    @offered
    def test_the_examples_run(self):
        text = (PACKAGE / "README.md").read_text(encoding="utf-8")
        blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
        self.assertGreater(len(blocks), 3)
        names = {}
        here = os.getcwd()
        output = io.StringIO()
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(output), \
             mock.patch.dict(os.environ, {"CUSTOMERS_SOCKET": self.daemon.socket_path}):
            os.chdir(folder)
            try:
                for block in blocks:
                    exec(compile(block, "README.md", "exec"), names)
            finally:
                os.chdir(here)
                if "customers" in names:
                    names["customers"].close()
        self.assertIn("deleted at version 4\n", output.getvalue())
        self.assertIn("emailAddress has no @\n", output.getvalue())
        self.assertEqual(len(names["everyone"]), 1000)
