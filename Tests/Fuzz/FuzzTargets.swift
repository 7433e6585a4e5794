import CustomerModel
import ProtoJSON
import ProtoWire
import TTRPC
import WellKnownTypes

@testable import CustomerService
@testable import CustomerStore

/// Feeds one input to everything that reads a peer's or a user's bytes; called by libFuzzer over and over.
///
/// The first byte chooses the reader. What may not happen: a trap, an endless loop, and a message
/// that reads but doesn't write itself back to bytes that read alike.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let choice = bytes.first else { return 0 }
  let input = Array(bytes.dropFirst())
  switch choice % 8 {
  case 0: fuzzMessage(Customer.self, input)
  case 1: fuzzMessage(ImportCustomersRequest.self, input)
  case 2: fuzzMessage(Status.self, input)
  case 3: fuzzJSON(input)
  case 4: fuzzRules(input)
  case 5: fuzzFilter(input)
  case 6: fuzzSearch(input)
  default: fuzzConnection(input)
  }
  return 0
}

private func fuzzMessage<Message: WireMessage>(_ type: Message.Type, _ input: [UInt8]) {
  guard let message = try? Message(decoding: input) else { return }
  let encoded = message.encoded()
  guard let again = try? Message(decoding: encoded) else { preconditionFailure("not readable") }
  precondition(again.encoded() == encoded, "not stable")
}

/// A server's end of a connection, fed in pieces whose lengths the input chooses.
private func fuzzConnection(_ input: [UInt8]) {
  var state = ServerConnectionState()
  var buffer: [UInt8] = []
  var rest = input[...]
  while let length = rest.popFirst() {
    buffer += rest.prefix(Int(length))
    rest = rest.dropFirst(Int(length))
    var offset = 0
    while state.next(in: buffer.span, at: &offset) != nil {}
    buffer.removeFirst(offset)
  }
}

/// A customer as JSON text, there and back.
private func fuzzJSON(_ input: [UInt8]) {
  guard let codec = customerJSON, let customer = try? codec.message(ofJSON: input) else { return }
  guard let text = try? codec.json(of: customer) else { return }
  guard let again = try? codec.message(ofJSON: text) else { preconditionFailure("not readable") }
  precondition(again.encoded() == customer.encoded(), "not stable")
}

private let customerJSON = try? JSONCodec<Customer>()

/// A customer's normal form, which is its own normal form.
private func fuzzRules(_ input: [UInt8]) {
  guard let customer = try? Customer(decoding: input),
    let id = try? UniqueID("0198c0de-0000-7000-8000-000000000001"),
    let normal = try? customer.validated(for: .update, makeKey: { id })
  else { return }
  guard let again = try? normal.validated(for: .update, makeKey: { id }) else {
    preconditionFailure("not valid")
  }
  precondition(again == normal, "not normal")
}

/// A filter, an order and tokens, one a line.
private func fuzzFilter(_ input: [UInt8]) {
  let lines = String(decoding: input, as: UTF8.self).split(separator: "\n").map(String.init)
  for line in lines {
    _ = try? CustomerFilter(text: line).matches(Customer(firstName: "Ann"))
    _ = try? ListOrder(text: line)
    _ = PageToken.position(line, store: "s", purpose: "p")
    _ = StoreToken(line, store: "s", purpose: "p")
  }
}

/// A query, and how a customer of the same text matches it.
private func fuzzSearch(_ input: [UInt8]) {
  let text = String(decoding: input, as: UTF8.self)
  guard let query = try? SearchQuery(text) else { return }
  let named = Customer(lastName: text, emailAddress: text)
  precondition(SearchRank(of: named, for: query) != nil, "doesn't find what is called so")
}
