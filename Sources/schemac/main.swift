import Glibc
import SchemaCompiler
func load(_ p: String) -> [UInt8]? {
  for d in ["Schema", "/tmp/sc/t"] {
    guard let f = fopen(d + "/" + p, "rb") else { continue }
    defer { fclose(f) }
    var all: [UInt8] = []
    var buf = [UInt8](repeating: 0, count: 65536)
    while true { let n = fread(&buf, 1, buf.count, f); if n <= 0 { break }; all += buf[..<n] }
    return all
  }
  return nil
}
do {
  let path = CommandLine.arguments[1]
  let s = try SchemaCompiler.link([path], reading: load)
  var m: [String: String] = [:]
  for f in s.files where f.path.hasPrefix("google/") { m[f.path] = "WellKnownTypes" }
  let mod = m[path] ?? "CustomerModel"
  print(s.messages(of: path, GeneratorOptions(visibility: .public, module: mod, modules: m)) ?? "", terminator: "")
} catch { print(error) }
