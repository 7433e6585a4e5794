// swift-tools-version:6.2
import PackageDescription

// A program of somebody else, in a package of its own, that links the client library and nothing
// else of this package. `run` builds it and shows what it doesn't contain.
let package = Package(
  name: "outside",
  dependencies: [.package(name: "customers", path: "../..")],
  targets: [
    .executableTarget(
      name: "outside",
      dependencies: [.product(name: "CustomerClient", package: "customers")],
      swiftSettings: [
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("ExistentialAny"),
        .treatAllWarnings(as: .error),
      ]
    )
  ],
  swiftLanguageModes: [.v6]
)
