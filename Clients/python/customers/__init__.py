"""A client for customerd, the keeper of this computer's customer records.

    from customers import Customer, CustomerClient

    with CustomerClient() as customers:
        ann = customers.create(Customer(first_name="Ann", last_name="Lee"))
        customers.edit(ann.customer_id, lambda it: it.attributes.update(tier="gold"))

`README.md` beside this package shows the rest.
"""

from .client import CustomerClient
from .errors import (
    AlreadyExists,
    Cancelled,
    Code,
    Conflict,
    CustomersError,
    DataLoss,
    DeadlineExceeded,
    Failed,
    Invalid,
    NotFound,
    Outcome,
    PermissionDenied,
    ProtocolError,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
    Violation,
    from_status,
)
from .json_form import JSONFormError, from_json_object, to_json_object
from .messages import (
    Address,
    Author,
    Change,
    Customer,
    ImportCustomersRequest,
    ImportResult,
    ListCustomersResponse,
    PhoneNumber,
    StoreSettings,
    StoreStatus,
)
from .socket_path import default_socket_path
from .streams import Backup, Export, Import, Watch
from .well_known import Duration, Timestamp
from .wire import WireError, decode, encode

#: What to do with the rows of an import.
ImportMode = ImportCustomersRequest.Mode

__all__ = [
    "Address", "AlreadyExists", "Author", "Backup", "Cancelled", "Change", "Code", "Conflict",
    "Customer", "CustomerClient", "CustomersError", "DataLoss", "DeadlineExceeded", "Duration",
    "Export", "Failed", "Import", "ImportMode", "ImportResult", "Invalid", "JSONFormError",
    "ListCustomersResponse", "NotFound", "Outcome", "PermissionDenied", "PhoneNumber",
    "ProtocolError", "ResourceExhausted", "StoreSettings", "StoreStatus", "Timestamp",
    "Unavailable", "Unimplemented", "Violation", "Watch", "WireError", "decode",
    "default_socket_path", "encode", "from_json_object", "from_status", "to_json_object",
]  # fmt: skip
