// swift-tools-version: 6.2
// The house: targets by depth, arrows one way. Gateway.docc and Tests/HouseStyleTests hold the same table.
import PackageDescription

/// Every target of ours builds in Swift 6 mode with the same strictness.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioFoundation = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// What the program tells that it was built from.
///
/// Not asked of git here: what is read of a manifest is kept as long as its text
/// and these variables stay, so that it would be an older commit's.
let revision = Context.environment["SCIM_GATEWAY_REVISION"] ?? "unknown"

/// Tests/Fuzzing is built in two ways: as tests of the inputs that it keeps, and, where `deploy/fuzz` asks for it, as a
/// program whose `main` is libFuzzer's.
let fuzzed: [Target.Dependency] = [
    "Gateway", "Configuration", "Tenancy", "CloudProfiles", "Dialects", "Crypto", "HTTPTransport", "SCIM",
    nioCore, nioEmbedded, httpTypes,
]
let fuzzing: Target =
    Context.environment["SCIM_GATEWAY_FUZZING"] == nil
    ? .testTarget(
        name: "FuzzingTests",
        dependencies: fuzzed,
        path: "Tests/Fuzzing",
        exclude: ["Corpus", "Dictionaries", "Driver.swift"],
        swiftSettings: strict
    )
    : .executableTarget(
        name: "fuzz",
        dependencies: fuzzed,
        path: "Tests/Fuzzing",
        exclude: ["Corpus", "Dictionaries", "CorpusTests.swift"],
        swiftSettings: strict
    )

let package = Package(
    name: "scim-gateway",
    products: [
        .executable(name: "scim-gateway", targets: ["scim-gateway"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // 1: system libraries, and the RFCs as pure values
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CNGHTTP2", pkgConfig: "libnghttp2", providers: [.apt(["libnghttp2-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(
            name: "CRevision",
            cSettings: [.define("SCIM_GATEWAY_REVISION", to: "\"\(revision)\"")]
        ),
        .target(name: "SCIM", exclude: ["Filter/filter.abnf"], swiftSettings: strict),

        // 2: one concern each, knowing nothing of one another but what it is built on
        .target(name: "Crypto", dependencies: ["COpenSSL"], swiftSettings: strict),
        .target(name: "TLSTransport", dependencies: ["COpenSSL", "Crypto", nioCore], swiftSettings: strict),
        .target(
            name: "HTTPTransport",
            dependencies: ["CNGHTTP2", nioCore, nioHTTP1, httpTypes],
            swiftSettings: strict
        ),
        .target(name: "Linux", dependencies: ["CLinux", "CRevision"], swiftSettings: strict),
        .target(name: "Outbound", dependencies: ["CCurl", "COpenSSL", "Crypto"], swiftSettings: strict),
        .target(name: "CloudProfiles", swiftSettings: strict),
        .target(name: "Terminal", swiftSettings: strict),
        .target(name: "Dialects", dependencies: ["SCIM"], swiftSettings: strict),
        .target(name: "Configuration", dependencies: ["SCIM", "Linux", yams], swiftSettings: strict),

        // 3: who comes in, and who would
        .target(name: "Rehearsal", dependencies: ["SCIM", "Outbound"], swiftSettings: strict),
        .target(
            name: "Tenancy",
            dependencies: ["SCIM", "Configuration", "Dialects", "CloudProfiles", "Crypto", "Linux"],
            swiftSettings: strict
        ),

        // 4: what a store promises, how tenants and clients share the machine, what is looked at before anything is served
        .target(name: "Store", dependencies: ["SCIM", "Tenancy"], swiftSettings: strict),
        .target(name: "Sharing", dependencies: ["Tenancy", nioCore, nioPosix], swiftSettings: strict),
        .target(
            name: "Readiness",
            dependencies: [
                "SCIM", "Crypto", "TLSTransport", "HTTPTransport", "Linux", "CloudProfiles", "Configuration",
                "Tenancy",
            ],
            swiftSettings: strict
        ),
        .target(name: "Guides", dependencies: ["CloudProfiles", "Tenancy"], swiftSettings: strict),

        // 5: stores, and the engine that uses one
        .target(
            name: "SQLiteStore",
            dependencies: ["Store", "Linux", "CSQLite", nioPosix],
            swiftSettings: strict
        ),
        .target(name: "SCIMEngine", dependencies: ["SCIM", "Store"], swiftSettings: strict),
        .target(name: "StoreContract", dependencies: ["Store"], swiftSettings: strict),
        .target(name: "Transfer", dependencies: ["SCIM", "Store"], swiftSettings: strict),

        // 6: the request's way
        .target(
            name: "Gateway",
            dependencies: [
                "SCIM", "Crypto", "TLSTransport", "HTTPTransport", "Linux", "CloudProfiles", "Dialects",
                "Configuration", "Tenancy", "Store", "Sharing", "Readiness",
                "SCIMEngine", nioCore, nioPosix, httpTypes, logging, lifecycle,
                unixSignals,
            ],
            swiftSettings: strict
        ),

        // 7: what operators see and do
        .target(
            name: "Operations",
            dependencies: [
                "SCIM", "Crypto", "TLSTransport", "HTTPTransport", "Linux", "CloudProfiles", "Dialects",
                "Configuration",
                "Tenancy", "Store", "Transfer", "Sharing", "Gateway", "Readiness",
                nioCore, nioPosix, nioHTTP1, nioFoundation, httpTypes, logging,
            ],
            swiftSettings: strict
        ),

        // 8: the command line
        .executableTarget(
            name: "scim-gateway",
            dependencies: [
                "Operations", "Gateway", "Readiness", "Guides", "Rehearsal", "Outbound", "SCIM", "Crypto",
                "SQLiteStore", "Store", "Transfer", "Sharing",
                "Tenancy", "Configuration", "CloudProfiles", "Linux", "Terminal", arguments, logging,
                lifecycle,
                unixSignals, yams,
            ],
            swiftSettings: strict
        ),

        // Not a test, not the product: figures. deploy/bench builds and runs it
        .executableTarget(
            name: "scim-benchmarks",
            dependencies: [
                "Operations", "Gateway", "SQLiteStore", "Store", "SCIM", "Configuration", "Tenancy",
                "HTTPTransport", nioCore, httpTypes, logging, arguments,
            ],
            path: "Tests/Benchmarks",
            exclude: [
                "README.md", "allocations", "entraload", "floods.py", "many_tenants.py", "mixedload", "raw",
                "targets",
            ],
            swiftSettings: strict
        ),

        .testTarget(
            name: "SCIMTests",
            dependencies: ["SCIM"],
            resources: [.copy("Samples")],
            swiftSettings: strict
        ),
        .testTarget(name: "CryptoTests", dependencies: ["Crypto", "COpenSSL"], swiftSettings: strict),
        .testTarget(
            name: "TLSTransportTests",
            // Readiness and Gateway: the policies made of the cloud profiles, and the listeners, are proven by handshakes here.
            dependencies: [
                "TLSTransport", "Crypto", "COpenSSL", "CloudProfiles", "Readiness", "Gateway", "Sharing",
                "HTTPTransport", "Tenancy",
                nioCore, nioEmbedded, nioPosix, httpTypes, logging,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HTTPTransportTests",
            dependencies: ["HTTPTransport", "CNGHTTP2", nioCore, nioEmbedded, nioPosix, httpTypes],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OutboundTests",
            dependencies: ["Outbound", "Crypto", "TLSTransport"],
            swiftSettings: strict
        ),
        .testTarget(name: "LinuxTests", dependencies: ["Linux"], swiftSettings: strict),
        .testTarget(
            name: "RehearsalTests",
            dependencies: ["Rehearsal", "Outbound", "SCIM"],
            swiftSettings: strict
        ),
        .testTarget(name: "TerminalTests", dependencies: ["Terminal"], swiftSettings: strict),
        .testTarget(name: "CloudProfilesTests", dependencies: ["CloudProfiles"], swiftSettings: strict),
        .testTarget(
            name: "DialectsTests",
            dependencies: ["Dialects", "SCIM"],
            resources: [.copy("Transcripts")],
            swiftSettings: strict
        ),
        .testTarget(name: "ConfigurationTests", dependencies: ["Configuration"], swiftSettings: strict),
        .testTarget(
            name: "TenancyTests",
            dependencies: ["Tenancy", "Configuration"],
            resources: [.copy("Samples")],
            swiftSettings: strict
        ),
        .testTarget(name: "StoreTests", dependencies: ["Store", "StoreContract"], swiftSettings: strict),
        .testTarget(
            name: "SharingTests",
            dependencies: ["Sharing", "Tenancy", "CloudProfiles", nioCore],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SQLiteStoreTests",
            dependencies: ["SQLiteStore", "StoreContract", "Crypto", "Linux"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SCIMEngineTests",
            dependencies: ["SCIMEngine", "SCIM", "Store", "Tenancy", "Dialects", "CloudProfiles"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TransferTests",
            dependencies: ["Transfer", "SCIM", "Store"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReadinessTests",
            // Gateway: its clock.
            dependencies: [
                "Readiness", "Gateway", "GatewayTesting", "Configuration", "Tenancy", "CloudProfiles",
                "Crypto", "SCIM",
            ],
            resources: [.copy("Checks")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "GuidesTests",
            dependencies: ["Guides", "CloudProfiles"],
            exclude: ["Guides"],
            swiftSettings: strict
        ),
        // What the tests of the gateway and of its operations share
        .target(
            name: "GatewayTesting",
            dependencies: ["Configuration", "Tenancy", logging],
            path: "Tests/GatewayTesting",
            swiftSettings: strict
        ),
        .testTarget(
            name: "GatewayTests",
            // Operations: the rows that operators read are made of what real requests have left.
            dependencies: [
                "Gateway", "Operations", "GatewayTesting", "SQLiteStore", "Store", "Sharing", "Configuration",
                "Tenancy", "Linux",
                "Dialects", "CloudProfiles", "Crypto", "HTTPTransport", "SCIM", "TLSTransport",
                nioCore, nioPosix, nioEmbedded, httpTypes, logging,
            ],
            resources: [.copy("Transcripts")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "Operations", "Gateway", "Readiness", "GatewayTesting", "SQLiteStore", "Store",
                "Configuration",
                "Tenancy", "Dialects", "CloudProfiles", "Crypto", "HTTPTransport", "SCIM",
                nioCore, httpTypes, logging,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BenchmarksTests",
            dependencies: ["scim-benchmarks", "SCIM"],
            swiftSettings: strict
        ),
        .testTarget(name: "HouseStyleTests", swiftSettings: strict),
        fuzzing,
    ]
)
