internal import Linux

/// Where `${env:NAME}` and `${file:PATH}` get their values from.
///
/// What they give may be a secret: no message shows it.
package struct OutsideValues: Sendable {
    let environment: [String: String]
    private let file: @Sendable (String) throws(DiskFile.Problem) -> [UInt8]

    /// The variables of a process, and files.
    package init(environment: [String: String], files: some FileReader) {
        self.environment = environment
        file = { path throws(DiskFile.Problem) in
            try files.bytes(of: path, atMost: ConfigurationLimits.outsideBytes)
        }
    }

    /// No variable and no file.
    package static let none = OutsideValues(environment: [:], files: NoFiles())

    /// The value that a reference stands for.
    ///
    /// A relative path counts from the folder of the file that holds the reference. One line end at
    /// the end of the value is not part of it: editors and `echo` add one.
    func value(of reference: OutsideReference, _ paths: FilePaths) throws(SettingDamage) -> String {
        switch reference {
        case .variable(let name):
            guard let value = environment[name] else {
                throw SettingDamage(
                    "there is no environment variable \(name)",
                    fix: "set it for the gateway's process, or write the value"
                )
            }
            return value
        case .file(let path):
            return try text(of: paths.resolve(path))
        }
    }

    private func text(of path: String) throws(SettingDamage) -> String {
        let bytes: [UInt8]
        do throws(DiskFile.Problem) {
            bytes = try file(path)
        } catch {
            throw SettingDamage("\(path): \(error.sentence)", fix: error.fix)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SettingDamage("\(path): the file is not UTF-8")
        }
        // "\r\n" is one Character.
        return text.last?.isNewline == true ? String(text.dropLast()) : text
    }

    private struct NoFiles: FileReader {
        func names(in folder: String) throws(DiskFile.Problem) -> [String] { [] }

        func bytes(of path: String, atMost bound: Int) throws(DiskFile.Problem) -> [UInt8] {
            throw DiskFile.Problem(code: .missing, sentence: "no such file or directory")
        }
    }
}

/// A value that is somewhere else: `${env:NAME}` or `${file:PATH}`.
enum OutsideReference: Equatable {
    case variable(String)
    case file(String)

    /// Reads one; nil for a value that stands for itself.
    ///
    /// - Throws: when it is neither, such as a reference inside a longer text.
    static func reading(_ text: String) throws(SettingDamage) -> OutsideReference? {
        guard text.holds("${") else { return nil }
        let isWhole = text.hasPrefix("${") && text.hasSuffix("}")
        let inside = text.dropFirst(2).dropLast()
        if isWhole, !String(inside).holds("${") {
            if inside.hasPrefix("env:"), isVariable(inside.dropFirst("env:".count)) {
                return .variable(String(inside.dropFirst("env:".count)))
            }
            let path = inside.dropFirst("file:".count)
            if inside.hasPrefix("file:"), (1...ConfigurationLimits.pathBytes).contains(path.utf8.count),
                !path.unicodeScalars.contains(where: SourceText.isControl)
            {
                return .file(String(path))
            }
        }
        guard text.hasPrefix("${") || text.holds("${env:") || text.holds("${file:") else { return nil }
        throw SettingDamage(
            "${…} stands for a whole value",
            fix: "write ${env:NAME} or ${file:PATH} and nothing beside it"
        )
    }

    /// As POSIX has names of variables.
    private static func isVariable(_ name: Substring) -> Bool {
        guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return name.unicodeScalars.allSatisfy { $0.isPlainLetterOrDigit || $0 == "_" }
    }
}
