/// How results are printed.
package enum OutputFormat: String, CaseIterable, Sendable {
  case table
  case json
  case ndjson
  case csv
  case tsv
  case id
  case vcard
}
