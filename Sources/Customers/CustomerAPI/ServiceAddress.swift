/// Where the service is found, for who serves it and for who calls it.
package enum ServiceAddress {
  /// What its socket is called in the folder that is usual for sockets.
  package static let name = "customers"

  /// The environment variable that names another socket.
  package static let variable = "CUSTOMERS_SOCKET"
}
