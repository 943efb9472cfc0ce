/// Memory safety: house style 15 and 31.
enum SafetyRules {
    static let all = [unsafeCode, safetyLines]

    /// Targets that own C objects or speak to the system; Outbound owns libcurl's handles.
    private static let mayBeUnsafe: Set<String> = [
        "Crypto", "TLSTransport", "HTTPTransport", "Outbound", "SQLiteStore", "PostgreSQLStore", "Linux",
    ]

    static let unsafeCode = HouseRule(name: "unsafe code stays in the targets that own C objects") { file in
        guard file.isSource, !mayBeUnsafe.contains(file.target) else { return [] }
        return ["unsafe", "@unchecked", "@safe"].flatMap { piece in
            file.text.offences(piece, "'\(piece)' is not for \(file.target)")
        }
    }

    static let safetyLines = HouseRule(name: "@unchecked and nonisolated(unsafe) stand under a SAFETY line") {
        file in
        ["@unchecked", "nonisolated(unsafe)"].flatMap { piece in
            let places = Set(file.text.indices(of: piece))
            return file.text.offences(
                piece,
                "'\(piece)' needs a line '// SAFETY:' above it that names the guarantee"
            ) { index in
                // Neighbours, line under line, share the guarantee that stands above the first.
                let first = (0...index).last { !places.contains($0 - 1) } ?? index
                return file.text.remarks(at: first).contains { $0.contains("// SAFETY: ") }
            }
        }
    }
}
