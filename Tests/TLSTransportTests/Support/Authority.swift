import Foundation
import Synchronization
import TLSTransport

/// A certificate authority of the openssl program, in a folder that is removed with it.
final class Authority: Sendable {
    let folder: String
    private let name: String
    private let serial = Mutex(0x1000)

    /// What a certificate is for.
    enum Purpose: String {
        case server, client
        /// Answers about certificates in the authority's place.
        case responder
        /// Issues others.
        case authority

        fileprivate var extensions: [String] {
            switch self {
            case .server: ["extendedKeyUsage=serverAuth", "subjectAltName=DNS:localhost"]
            case .client: ["extendedKeyUsage=clientAuth"]
            case .responder: ["extendedKeyUsage=OCSPSigning"]
            case .authority: ["basicConstraints=critical,CA:TRUE", "keyUsage=keyCertSign"]
            }
        }
    }

    /// What the authority says of a certificate.
    enum Answer {
        case good, revoked, unknown
    }

    /// An authority, below a folder that others remove if one is named.
    init(_ name: String = "ca", in place: String = NSTemporaryDirectory()) throws {
        self.name = name
        folder = place + "/tls-authority-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try openssl(
            ["req", "-x509", "-nodes", "-days", "30", "-subj", "/CN=Authority \(name)", "-newkey"] + Self.p256
                + [
                    "-keyout", path(name + ".key"), "-out", path(name + ".pem"),
                ]
        )
    }

    deinit {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static let p256 = ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

    func path(_ name: String) -> String { folder + "/" + name }

    /// The authority's own certificate.
    var certificate: String { path(name + ".pem") }

    /// When the authority was made, seconds since 1970: everything of it is valid two minutes later.
    var now: Int64 {
        get throws {
            let attributes = try FileManager.default.attributesOfItem(atPath: certificate)
            let made = attributes[.modificationDate] as? Date
            return Int64(made?.timeIntervalSince1970 ?? 0) + 120
        }
    }

    /// Issues a certificate: `NAME.pem`, and with the authority's behind it `NAME-chain.pem`, with `NAME.key`.
    func issue(
        _ name: String,
        for purpose: Purpose = .server,
        key: [String] = Authority.p256,
        days: Int = 20,
        digest: String = "sha256",
        more: [String] = []
    ) throws {
        let extensions = purpose.extensions + more
        try openssl(
            ["req", "-new", "-nodes", "-subj", "/CN=\(name)", "-newkey"] + key
                + extensions.flatMap { ["-addext", $0] }
                + ["-keyout", path(name + ".key"), "-out", path(name + ".csr")]
        )
        let number = serial.withLock { serial in
            serial += 1
            return serial
        }
        try openssl([
            "x509", "-req", "-in", path(name + ".csr"), "-CA", certificate, "-CAkey",
            path(self.name + ".key"),
            "-set_serial", "\(number)", "-days", "\(days)", "-\(digest)", "-copy_extensions", "copyall",
            "-out", path(name + ".pem"),
        ])
        try (text(path(name + ".pem")) + text(certificate))
            .write(toFile: path(name + "-chain.pem"), atomically: true, encoding: .utf8)
    }

    /// Makes an authority below this one, and a client's certificate of it with its whole chain.
    func issueAuthority(_ name: String, thatIssues client: String) throws {
        let below = try Authority(name)
        try issue(name, for: .authority)
        for file in [name + ".pem", name + ".key"] {
            try below.put(Array(Data(contentsOf: URL(fileURLWithPath: path(file)))), file)
        }
        try below.issue(client, for: .client)
        for file in [client + "-chain.pem", client + ".key"] {
            try put(Array(Data(contentsOf: URL(fileURLWithPath: below.path(file)))), file)
        }
    }

    /// The list of what the authority has revoked, PEM: that certificate, or nothing; for a day.
    func revocationList(of name: String? = nil) throws -> [UInt8] {
        // Of its own, as others may have one made at the same time.
        let files = path(UUID().uuidString)
        let settings = """
            [ca]
            default_ca = us
            [us]
            database = \(files).index
            default_md = sha256
            """
        try settings.write(toFile: files + ".cnf", atomically: true, encoding: .utf8)
        let number = try name.map(serialNumber)
        let line = number.map { "R\t491231000000Z\t201231000000Z\t\($0)\tunknown\t/CN=revoked\n" } ?? ""
        try line.write(toFile: files + ".index", atomically: true, encoding: .utf8)
        try openssl([
            "ca", "-config", files + ".cnf", "-gencrl", "-crldays", "1", "-cert", certificate, "-keyfile",
            path(self.name + ".key"), "-out", files + ".pem",
        ])
        return Array(try Data(contentsOf: URL(fileURLWithPath: files + ".pem")))
    }

    /// Answers about a certificate, for two days unless it does not say: the bytes that a responder sends.
    ///
    /// The signer is the authority unless another is named.
    func answer(
        about name: String,
        _ answer: Answer = .good,
        signer: String? = nil,
        digest: String = "sha1",
        isEndless: Bool = false
    ) throws -> [UInt8] {
        let signer = signer ?? self.name
        let number = try serialNumber(of: name)
        let line =
            switch answer {
            case .good: "V\t491231000000Z\t\t\(number)\tunknown\t/CN=localhost\n"
            case .revoked: "R\t491231000000Z\t201231000000Z\t\(number)\tunknown\t/CN=localhost\n"
            case .unknown: ""
            }
        try line.write(toFile: path("index"), atomically: true, encoding: .utf8)
        try openssl(
            [
                "ocsp", "-index", path("index"), "-CA", certificate, "-issuer", certificate,
                "-rsigner", path(signer + ".pem"), "-rkey", path(signer + ".key"),
                "-\(digest)", "-cert", path(name + ".pem"), "-no_nonce", "-noverify",
                "-respout", path("answer.der"),
            ] + (isEndless ? [] : ["-ndays", "2"]) + (signer == self.name ? ["-resp_no_certs"] : [])
        )
        return Array(try Data(contentsOf: URL(fileURLWithPath: path("answer.der"))))
    }

    /// Puts a file there as a careful tool does: written beside, then renamed.
    func put(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: path(name)), options: .atomic)
    }

    private func serialNumber(of name: String) throws -> String {
        try output(["x509", "-in", path(name + ".pem"), "-noout", "-serial"])
            .replacing("serial=", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    private func openssl(_ arguments: [String]) throws { _ = try output(arguments) }

    private func output(_ arguments: [String]) throws -> String {
        let outcome = try OutsideProgram.runBlocking(["openssl"] + arguments)
        guard outcome.status == 0 else { throw Failure(text: outcome.output) }
        return outcome.output
    }

    struct Failure: Error {
        let text: String
    }
}
