/// Arrows one way: who may import what, as in the package's manifest, with the reasons for the rest.
enum ImportRules {
    static let all = [imports, foundation]

    /// Target → what it may import besides the standard library.
    private static let table: [String: Set<String>] = [
        "SCIM": [],
        "Crypto": ["COpenSSL"],
        "TLSTransport": ["COpenSSL", "Crypto", "NIOCore"],
        "HTTPTransport": ["CNGHTTP2", "NIOCore", "NIOHTTP1", "HTTPTypes"],
        // Dispatch for threads that stand back.
        "Linux": ["CLinux", "CRevision", "Dispatch"],
        // Dispatch for a queue on which libcurl may block.
        "Outbound": ["CCurl", "COpenSSL", "Crypto", "Dispatch"],
        "Rehearsal": ["SCIM", "Outbound"],
        "CloudProfiles": [],
        "Terminal": [],
        "Dialects": ["SCIM"],
        "Configuration": ["SCIM", "Linux", "Yams"],
        "Tenancy": ["SCIM", "Configuration", "Dialects", "CloudProfiles", "Crypto", "Linux"],
        "Store": ["SCIM", "Tenancy", "CloudProfiles"],
        // NIO for its time; NIOPosix for the loop that a turn ends on.
        "Sharing": ["Tenancy", "NIOCore", "NIOPosix"],
        // NIOPosix for NIOThreadPool alone.
        "SQLiteStore": [
            "Store", "SCIM", "Tenancy", "Dialects", "CloudProfiles", "Linux", "CSQLite", "NIOPosix",
        ],
        "SCIMEngine": ["SCIM", "Store", "Tenancy"],
        "StoreContract": ["Store", "SCIM", "Tenancy", "Testing"],
        "Transfer": ["SCIM", "Dialects", "Tenancy", "Store"],
        "Readiness": [
            "SCIM", "Crypto", "TLSTransport", "HTTPTransport", "Linux", "CloudProfiles", "Configuration",
            "Tenancy",
        ],
        "Guides": ["CloudProfiles", "Tenancy"],
        "Gateway": [
            "SCIM", "Crypto", "TLSTransport", "HTTPTransport", "Linux", "CloudProfiles", "Dialects",
            "Configuration", "Tenancy", "Store", "Sharing", "Readiness",
            "SCIMEngine", "NIOCore", "NIOPosix", "HTTPTypes", "Logging", "ServiceLifecycle", "UnixSignals",
        ],
        "Operations": [
            "SCIM", "Crypto", "TLSTransport", "HTTPTransport", "Linux", "CloudProfiles", "Dialects",
            "Configuration",
            "Tenancy",
            "Store", "Transfer", "Sharing", "Gateway", "Readiness",
            "NIOCore", "NIOPosix", "NIOHTTP1", "NIOFoundationCompat", "HTTPTypes", "Logging",
        ],
        "scim-gateway": [
            "Operations", "Gateway", "Readiness", "Guides", "Rehearsal", "Outbound", "SCIM", "Crypto",
            "SQLiteStore", "Store", "Transfer", "Sharing", "Linux",
            "Tenancy", "Configuration", "CloudProfiles", "Terminal", "ArgumentParser", "Logging",
            "ServiceLifecycle", "UnixSignals", "Yams",
        ],
        "Benchmarks": [
            "Operations", "Gateway", "SQLiteStore", "Store", "SCIM", "Configuration", "Tenancy",
            "HTTPTransport", "NIOCore", "HTTPTypes", "Logging", "ArgumentParser",
        ],
    ]

    /// Part of every toolchain: no arrow of ours.
    private static let standard: Set<String> = ["Swift", "Synchronization", "Foundation"]
    /// The C library, where system calls and C strings are the target's work.
    private static let callsTheSystem: Set<String> = [
        "Crypto", "TLSTransport", "HTTPTransport", "Outbound", "SQLiteStore", "Linux", "Benchmarks",
    ]

    /// Files and folders that may import Foundation, with the reason.
    ///
    /// Everything else does without: it is big, and its text and JSON functions have rules of their own.
    private static let foundationUsers = [
        "Sources/SCIM/Rules/CaseFolding.swift": "NFC, which the standard library does not offer",
        "Sources/Operations/Admin/": "Codable JSON between our own two ends, removing the socket's file",
        "Sources/Gateway/GatewayCore.swift": "folders and files",
        "Sources/Gateway/GatewayOpening.swift": "folders",
        "Sources/Gateway/Logs/LogSink.swift": "FileHandle",
        "Sources/Gateway/SystemClock.swift": "Date, the one place that reads the clock",
        "Tests/Benchmarks/": "processes, files, figures for people",
        "Sources/scim-gateway/": "FileHandle, reading files and JSON for people",
    ]

    static let imports = HouseRule(name: "targets import only what lies below them") { file in
        guard file.isSource else { return [] }
        guard var allowed = table[file.target] else {
            return [Offence(line: 1, words: "target \(file.target) is not in the table of arrows")]
        }
        allowed.formUnion(standard)
        if callsTheSystem.contains(file.target) { allowed.insert("Glibc") }
        return file.imported.filter { !allowed.contains($0.module) }
            .map { Offence(line: $0.line, words: "\(file.target) must not import \($0.module)") }
    }

    static let foundation = HouseRule(name: "Foundation is imported only where a list says why") { file in
        guard file.isSource, !foundationUsers.keys.contains(where: { file.path.hasPrefix($0) }) else {
            return []
        }
        return file.imported.filter { $0.module.hasPrefix("Foundation") }
            .map { Offence(line: $0.line, words: "\(file.path) is not in the list") }
    }
}

extension SourceFile {
    /// The modules that the file imports, each with its 1-based line.
    var imported: [(module: String, line: Int)] {
        text.declarations.filter { $0.keyword == "import" }.map { declaration in
            let after = text.lines[declaration.index].tokens.drop { $0 != "import" }.dropFirst()
            let module = Self.importKinds.contains(after.first ?? "") ? after.dropFirst().first : after.first
            return (module ?? "", declaration.index + 1)
        }
    }

    private static let importKinds: Set<String> = [
        "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
    ]
}
