import Configuration
import Foundation
import Gateway
import Testing

@testable import Readiness
@testable import Tenancy

/// Each folder in `Checks` holds a `gateway.yaml` and `tenants/`, with what is wrong in them, and in `expected.txt` all
/// that `config check` says; `environment` has variables, a line each, and `expected.github` the marks for a pull request.
///
/// A new case needs no code.
@Suite("config check")
struct ConfigurationCheckTests {
    @Test(arguments: try CheckFolder.names())
    func `all that is wrong is told in one run, byte for byte`(_ name: String) throws {
        let folder = try CheckFolder(name)
        defer { folder.remove() }

        let report = folder.check().run(settingsPath: folder.path + "/gateway.yaml")

        let text = FindingReport.text(report.findings, fileCount: report.fileCount)
        #expect(folder.withoutItself(text) == (try folder.expected("txt", else: text)))
        #expect(report.hasErrors == text.contains(": error: "))
        #expect(!text.contains("8fJr") && !text.contains("hunter2"), "a secret is told")
    }

    @Test func `marks for a pull request say the same`() throws {
        let folder = try CheckFolder("all-at-once")
        defer { folder.remove() }

        let report = folder.check().run(settingsPath: folder.path + "/gateway.yaml")

        let text = FindingReport.github(report.findings, fileCount: report.fileCount)
        #expect(folder.withoutItself(text) == (try folder.expected("github", else: text)))
    }

    @Test func `files can be checked by themselves, and folders`() throws {
        let folder = try CheckFolder("all-at-once")
        defer { folder.remove() }
        func places(_ paths: String...) -> [String] {
            folder.check().run(paths: paths.map { folder.path + $0 }).findings.map {
                folder.withoutItself($0.place.description)
            }
        }

        #expect(places("/tenants/adatum.yaml") == [])
        #expect(places("/tenants/litware.yaml") == ["tenants/litware.yaml:13:18"])
        #expect(places("/gateway.yaml") == ["gateway.yaml:7:10", "gateway.yaml:8:20"])
        let tenants = places("/tenants")
        #expect(tenants.contains("tenants/proseware.yaml:11:13"), "a token of another file of the folder")
        #expect(places("") == places("/gateway.yaml") + tenants)
        #expect(places("/nothing.yaml") == ["nothing.yaml"])
    }

    @Test func `the message for programs counts what it does not tell`() throws {
        let folder = try CheckFolder("more-than-twenty")
        defer { folder.remove() }

        let report = FindingMessages.Report(folder.check().run(settingsPath: folder.path + "/gateway.yaml"))

        #expect(report.files == 2 && report.errors == 32 && report.warnings == 0)
        #expect(report.findings.count == 21)
        let first = try #require(report.findings.first)
        #expect(first.line == 3 && first.column == 1 && first.length == 4 && first.severity == "error")
        #expect(first.message == "unknown key 'key1'")
        #expect(report.findings.last?.message == "and 12 more" && report.findings.last?.line == nil)
    }
}

/// One folder of `Checks`, copied to where it may be read and changed.
struct CheckFolder {
    let name: String
    let path: String

    init(_ name: String) throws {
        self.name = name
        path = NSTemporaryDirectory() + "check-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: Self.source(name), toPath: path)
        try FileManager.default.createSymbolicLink(
            atPath: path + "/tls",
            withDestinationPath: try CheckCertificates.shared.get().folder
        )
    }

    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: source("")).sorted()
    }

    func remove() {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A check of the folder, in its own environment, when its certificates have just been made.
    func check() -> ConfigurationCheck {
        // Most folders have none.
        let text = (try? String(contentsOfFile: path + "/environment", encoding: .utf8)) ?? ""
        let variables = text.split(separator: "\n").map { line in
            let parts = line.split(separator: "=", maxSplits: 1)
            return (String(parts[0]), String(parts[1]))
        }
        return ConfigurationCheck(
            now: SystemClock.now(),
            environment: Dictionary(variables) { first, _ in first }
        )
    }

    /// What a text says when the folder is where one works.
    func withoutItself(_ text: String) -> String {
        text.replacing(path + "/", with: "")
    }

    /// The text beside the files.
    ///
    /// With CHECKS_DIR set, the given text is written there instead: to be read before it is kept.
    func expected(_ ending: String, else text: String) throws -> String {
        let file = "\(name)/expected.\(ending)"
        if let folder = ProcessInfo.processInfo.environment["CHECKS_DIR"] {
            try withoutItself(text).write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
            return withoutItself(text)
        }
        return try String(contentsOfFile: Self.source(file), encoding: .utf8)
    }

    private static func source(_ name: String) throws -> String {
        try #require(Bundle.module.resourceURL).appending(path: "Checks/\(name)").path
    }
}

/// Certificates made by the openssl program, once for all checks: a chain with its intermediate, the same certificate
/// without it, one of its own, and another's key.
struct CheckCertificates {
    static let shared = Result { try CheckCertificates() }

    let folder: String

    private init() throws {
        folder = NSTemporaryDirectory() + "check-tls-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        atexit {
            // One that could not be made has told why; what cannot be removed is left to the system's own cleaning.
            guard case .success(let made) = CheckCertificates.shared else { return }
            try? FileManager.default.removeItem(atPath: made.folder)
        }
        try own("root", isAuthority: true)
        try own("own", isAuthority: false)
        try issued("middle", by: "root", isAuthority: true)
        try issued("chain", by: "middle", isAuthority: false)
        try issued("other", by: "middle", isAuthority: false)
        try FileManager.default.copyItem(atPath: path("chain.pem"), toPath: path("alone.pem"))
        let chain = try ["chain.pem", "middle.pem"].map {
            try String(contentsOfFile: path($0), encoding: .utf8)
        }
        try chain.joined().write(toFile: path("chain.pem"), atomically: true, encoding: .utf8)
    }

    private func path(_ name: String) -> String { "\(folder)/\(name)" }

    private func own(_ name: String, isAuthority: Bool) throws {
        try openssl(
            ["req", "-x509", "-days", "30", "-out", path(name + ".pem")] + request(name)
                + ["-addext", "basicConstraints=critical,CA:\(isAuthority ? "TRUE" : "FALSE")"]
        )
    }

    private func issued(_ name: String, by authority: String, isAuthority: Bool) throws {
        try openssl(["req", "-out", path(name + ".csr")] + request(name))
        try "basicConstraints=critical,CA:\(isAuthority ? "TRUE" : "FALSE")\n".write(
            toFile: path(name + ".ext"),
            atomically: true,
            encoding: .utf8
        )
        try openssl([
            "x509", "-req", "-in", path(name + ".csr"), "-CA", path(authority + ".pem"), "-CAkey",
            path(authority + ".key"), "-days", "30", "-extfile", path(name + ".ext"), "-out",
            path(name + ".pem"),
        ])
    }

    private func request(_ name: String) -> [String] {
        [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)",
            "-keyout",
            path(name + ".key"),
        ]
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments)")
    }
}
