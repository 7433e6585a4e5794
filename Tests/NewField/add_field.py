"""Adds the field `companyName` to a copy of this tree, as `ARCHITECTURE.md`, *A field*, says.

    add_field.py TREE [FORGOTTEN FILE]

Prints the files that a person writes for it. One of them may be left as it is, to see who notices.
"""

import pathlib
import sys

#: Each file, a text in it, and what stands behind that text with the new field.
EDITS = {
    "Schema/customers.proto": [(
        "  google.protobuf.Timestamp update_time = 11;\n",
        "\n  // The company the customer is with.\n  string company_name = 1000;\n",
    )],
    "Sources/Customers/CustomerModel/Fields/CustomerField.swift": [
        ("  case lastName\n", "  case companyName\n"),
        ("    case .lastName: .text(\\.lastName, .name)\n",
         "    case .companyName: .text(\\.companyName, .name)\n"),
        ("    case .lastName: \"Last Name\"\n", "    case .companyName: \"Company Name\"\n"),
    ],
    "Clients/python/customers/messages.py": [(
        "    update_time: Optional[Timestamp] = wire.message(11, Timestamp)\n",
        "    #: The company the customer is with.\n    company_name: str = wire.string(1000)\n",
    )],
}  # fmt: skip


def main() -> None:
    tree, forgotten = pathlib.Path(sys.argv[1]), sys.argv[2:]
    for name, edits in EDITS.items():
        if name in forgotten:
            continue
        text = (tree / name).read_text()
        for before, added in edits:
            assert text.count(before) == 1, f"{name}: {before!r} stands there {text.count(before)} times"
            text = text.replace(before, before + added)
        (tree / name).write_text(text)
        print(name)


main()
