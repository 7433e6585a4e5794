/// What a Python program prints for an input.
package func python(_ program: String, _ input: [UInt8]) throws -> String {
  guard let path = ExternalTool.path(of: "python3") else {
    throw PythonFailure(errors: "there is no python3")
  }
  let result = try Program(path: path).run(
    ["-c", program],
    input: input,
    environment: ["PYTHONIOENCODING": "utf-8"]
  )
  guard result.status == 0 else { throw PythonFailure(errors: result.errors) }
  return result.text
}

/// Python's own words when it fails.
package struct PythonFailure: Error {
  package var errors: String
}
