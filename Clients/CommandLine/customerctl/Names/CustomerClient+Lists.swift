import CustomerClient
import CustomerModel

extension CustomerClient {
  /// The first customers of each filter; none where a call fails.
  ///
  /// - Parameters:
  ///   - filters: As lists take them.
  ///   - countMax: How many customers at most, each.
  /// - Returns: A list for each filter.
  func found(by filters: [String], atMost countMax: Int) async -> [[Customer]] {
    var found = filters.map { _ in [Customer]() }
    var open = filters.indices.map { index in
      var request = ListCustomersRequest()
      request.filter = filters[index]
      request.pageSize = Int32(countMax)
      return (index: index, request: request)
    }
    // A page may be empty and still have a next one: those go round again, together.
    while !open.isEmpty {
      let responses = await lists(open.map(\.request))
      var unfinished: [(index: Int, request: ListCustomersRequest)] = []
      for (question, response) in zip(open, responses) {
        guard let response else { continue }
        found[question.index] += response.customers
        let token = response.nextPageToken
        guard found[question.index].count < countMax, !token.isEmpty,
          token != question.request.pageToken
        else { continue }
        var next = question
        next.request.pageToken = token
        unfinished.append(next)
      }
      open = unfinished
    }
    return found
  }

  /// Several pages, asked for at the same time.
  ///
  /// - Returns: A page for each request, nil where the call fails.
  func lists(_ requests: [ListCustomersRequest]) async -> [ListCustomersResponse?] {
    await withTaskGroup(of: (Int, ListCustomersResponse?).self) { group in
      for (index, request) in requests.enumerated() {
        group.addTask { (index, try? await self.list(request)) }
      }
      var responses = [ListCustomersResponse?](repeating: nil, count: requests.count)
      for await (index, response) in group { responses[index] = response }
      return responses
    }
  }
}
