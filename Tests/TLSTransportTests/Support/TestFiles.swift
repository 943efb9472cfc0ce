import Crypto
import Foundation
import TLSTransport
import Testing

/// Certificates and keys made by the openssl program, once for all tests: nobody changes them.
struct TestFiles: Sendable {
    static let shared = TestFiles()

    let folder: String
    let library: LibraryContext
    /// The keys of the tickets of contexts that are not about tickets.
    let tickets: TicketKeys
    /// When the last certificate was made, seconds since 1970: the time that the tests judge at.
    var now: Int64 {
        get throws {
            let attributes = try FileManager.default.attributesOfItem(atPath: path("large.pem"))
            let made = try #require(attributes[.modificationDate] as? Date)
            return Int64(made.timeIntervalSince1970)
        }
    }

    private init() {
        folder = NSTemporaryDirectory() + "tls-tests-\(ProcessInfo.processInfo.processIdentifier)"
        do {
            library = try LibraryContext(name: "test")
            tickets = try TicketKeys(library: library)
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try makeCertificate("p256", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            try makeCertificate("short", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"], days: 1)
            try makeCertificate("p384", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"])
            try makeCertificate("p521", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"])
            try makeCertificate("rsa2048", ["-newkey", "rsa:2048"])
            try makeCertificate("rsa3072", ["-newkey", "rsa:3072"])
            try makeCertificate("rsa1024", ["-newkey", "rsa:1024"])
            try makeCertificate("ed25519", ["-newkey", "ed25519"])
            try openssl([
                "pkey", "-in", path("p256.key"), "-aes256", "-passout", "pass:secret", "-out",
                path("encrypted.key"),
            ])
            try text(of: "p256.pem").appending(text(of: "rsa2048.pem"))
                .write(toFile: path("chain.pem"), atomically: true, encoding: .utf8)
            try damaged(text(of: "p256.pem")).write(
                toFile: path("damaged.pem"),
                atomically: true,
                encoding: .utf8
            )
            try damaged(text(of: "p256.key")).write(
                toFile: path("damaged.key"),
                atomically: true,
                encoding: .utf8
            )
            try "no PEM here\n".write(toFile: path("plain.txt"), atomically: true, encoding: .utf8)
            try String(repeating: "x", count: 1024 * 1024 + 1)
                .write(toFile: path("large.pem"), atomically: true, encoding: .utf8)
            atexit {
                // What cannot be removed is left to the system's own cleaning of temporary files.
                try? FileManager.default.removeItem(atPath: TestFiles.shared.folder)
            }
        } catch {
            preconditionFailure("cannot make certificates: \(error)")
        }
    }

    func path(_ name: String) -> String {
        folder + "/" + name
    }

    func files(_ name: String) -> TLSFiles {
        TLSFiles(certificate: path(name + ".pem"), key: path(name + ".key"))
    }

    /// A context with that certificate, judged when it has just been made.
    func context(_ policy: TLSPolicy, _ name: String = "p256", now: Int64? = nil) throws -> TLSServerContext {
        try context(policy, name, tickets: tickets, now: now)
    }

    /// A context whose sessions are resumed under these keys, or not at all.
    func context(
        _ policy: TLSPolicy,
        _ name: String = "p256",
        tickets: TicketKeys?,
        now: Int64? = nil
    ) throws -> TLSServerContext {
        try TLSServerContext(
            policy: policy,
            files: files(name),
            library: library,
            tickets: tickets,
            now: now ?? self.now
        )
    }

    private func makeCertificate(_ name: String, _ key: [String], days: Int = 30) throws {
        try openssl(
            ["req", "-x509", "-nodes", "-days", "\(days)", "-subj", "/CN=localhost"] + key + [
                "-addext", "subjectAltName=DNS:localhost,DNS:scim.example,IP:127.0.0.1",
                "-keyout", path(name + ".key"), "-out", path(name + ".pem"),
            ]
        )
    }

    private func openssl(_ arguments: [String]) throws {
        let outcome = try OutsideProgram.runBlocking(["openssl"] + arguments)
        precondition(outcome.status == 0, outcome.output)
    }

    private func text(of name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    /// PEM whose base64 is right and whose DER is not.
    private func damaged(_ pem: String) -> String {
        var lines = pem.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        lines[1] = String(repeating: "A", count: lines[1].utf8.count)
        return lines.joined(separator: "\n")
    }
}
