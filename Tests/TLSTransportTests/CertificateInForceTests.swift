import Crypto
import Foundation
import NIOCore
import Synchronization
import TLSTransport
import Testing

@Suite("Certificates that are renewed while they are in use")
struct CertificateInForceTests {
    @Test func `a renewed pair is for new connections, and open ones go on with theirs`() throws {
        let folder = try CertificateFolder("p256")
        let certificate = try folder.certificate()
        let old = try ClientOnChannel(context: certificate.context)
        #expect(try old.shakeHands())

        try folder.put("rsa2048")
        try folder.look(certificate)
        let new = try ClientOnChannel(context: certificate.context)

        #expect(certificate.takeNews() == [.renewed])
        #expect(try new.shakeHands())
        let library = TestFiles.shared.library
        #expect(library.sha256(new.client.serverCertificate) == certificate.context.fingerprint)
        #expect(library.sha256(old.client.serverCertificate) != certificate.context.fingerprint)
        old.client.write(Array("still here".utf8))
        try old.exchange()
        #expect(old.above.plaintext == Array("still here".utf8))
    }

    @Test func `files that stay as they are, or are only touched, are no news`() throws {
        let folder = try CertificateFolder("p256")
        let certificate = try folder.certificate()
        let before = certificate.context

        try folder.look(certificate)
        #expect(certificate.context === before)

        try folder.put("p256")
        try folder.look(certificate)
        #expect(certificate.takeNews() == [])
        #expect(certificate.context.fingerprint == before.fingerprint)
    }

    @Test func `a symbolic link that is turned to another folder is a renewal`() throws {
        let (old, new) = (try CertificateFolder("p256"), try CertificateFolder("rsa2048"))
        // As Kubernetes mounts secrets: current → a folder, replaced by rename(2).
        let link = old.path("current")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: old.folder)
        let certificate = try old.certificate(in: link)

        try FileManager.default.createSymbolicLink(atPath: link + ".new", withDestinationPath: new.folder)
        let result = unsafe rename(link + ".new", link)
        #expect(result == 0)
        try old.look(certificate)

        #expect(certificate.takeNews() == [.renewed])
        #expect(
            try certificate.context.fingerprint
                == TestFiles.shared.context(.commercial, "rsa2048").fingerprint
        )
    }

    @Test func `a pair that is half written at the first look is not told, and taken when it is whole`()
        throws
    {
        let folder = try CertificateFolder("p256")
        let certificate = try folder.certificate()

        try folder.put("rsa2048", key: "p256")
        try folder.look(certificate)
        #expect(certificate.takeNews() == [])
        #expect(certificate.problem == nil)

        try folder.put("rsa2048")
        try folder.look(certificate)
        #expect(certificate.takeNews() == [.renewed])
    }

    @Test(
        arguments: [
            (Change.key("p521"), .keyDoesNotMatch), (.pair("rsa1024"), .weakKey),
            (.pair("p521"), .keyNotAllowed), (.pair("short"), .expired), (.truncated, .badCertificate),
            (.empty, .notPEM), (.missing, .missingFile), (.folder, .unreadableFile),
        ] as [(Change, TLSConfigurationError.Code)]
    )
    func `a bad pair keeps the old one and is told once`(
        change: Change,
        code: TLSConfigurationError.Code
    ) throws {
        let folder = try CertificateFolder("p256")
        let certificate = try folder.certificate()
        let old = certificate.context

        try folder.make(change)
        try folder.look(certificate)
        #expect(certificate.takeNews() == [])
        try folder.look(certificate)

        guard case .refused(let problem)? = certificate.takeNews().first else {
            Issue.record("the problem was not told")
            return
        }
        #expect(problem.code == code)
        #expect(certificate.problem?.code == code)
        #expect(certificate.context === old)
        try folder.look(certificate)
        #expect(certificate.takeNews() == [])
    }

    @Test func `who asks learns of a bad pair at once`() throws {
        let folder = try CertificateFolder("p256")
        let certificate = try folder.certificate()

        try folder.put("rsa2048", key: "p256")
        certificate.refresh(isAsked: true)

        #expect(certificate.problem?.code == .keyDoesNotMatch)
    }

    @Test func `another problem is told, and what is mended, too`() throws {
        let folder = try CertificateFolder("p256")
        let certificate = try folder.certificate()
        try folder.make(.missing)
        try folder.look(certificate)
        try folder.look(certificate)
        _ = certificate.takeNews()

        try folder.make(.empty)
        try folder.look(certificate)
        try folder.look(certificate)
        guard case .refused(let problem)? = certificate.takeNews().first else {
            Issue.record("the other problem was not told")
            return
        }
        #expect(problem.code == .notPEM)

        try folder.put("p256")
        try folder.look(certificate)
        #expect(certificate.takeNews() == [.mended])
        #expect(certificate.problem == nil)
    }

    @Test func `a certificate that ends while it is in force is told`() throws {
        let folder = try CertificateFolder("p256")
        let certificate = try folder.certificate()
        let end = certificate.context.notAfter

        folder.time.withLock { $0 = end }
        certificate.refresh()
        #expect(certificate.problem == nil)
        folder.time.withLock { $0 = end + 1 }
        certificate.refresh()

        #expect(certificate.problem?.code == .expired)
        folder.time.withLock { $0 = end }
        certificate.refresh()
        #expect(certificate.problem == nil)
    }
}

/// What happens to a listener's files.
enum Change: Sendable {
    case key(String)
    case pair(String)
    case truncated
    case empty
    case missing
    case folder
}

/// A folder with `tls.pem` and `tls.key`, removed at the end of the test.
final class CertificateFolder: Sendable {
    let folder: String
    /// Two days after the certificates were made, at first: the short one has ended.
    let time: Mutex<Int64>

    init(_ name: String) throws {
        time = Mutex(try TestFiles.shared.now + 2 * 86_400)
        folder = NSTemporaryDirectory() + "tls-folder-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try put(name)
    }

    deinit {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: folder)
    }

    func path(_ name: String) -> String { folder + "/" + name }

    /// The certificate of these files, in force.
    func certificate(in folder: String? = nil) throws -> CertificateInForce {
        let folder = folder ?? self.folder
        return try CertificateInForce(
            policy: .commercial,
            files: TLSFiles(certificate: folder + "/tls.pem", key: folder + "/tls.key"),
            library: TestFiles.shared.library,
            tickets: TestFiles.shared.tickets,
            clock: { self.time.withLock { $0 } }
        )
    }

    /// One look at the files, as the gateway takes twice a second.
    func look(_ certificate: CertificateInForce) throws {
        certificate.refresh()
    }

    /// Replaces both files as a careful tool does: written beside, then renamed.
    func put(_ name: String, key: String? = nil) throws {
        try replace("tls.pem", by: text(of: name + ".pem"))
        try replace("tls.key", by: text(of: (key ?? name) + ".key"))
    }

    func make(_ change: Change) throws {
        switch change {
        case .key(let name): try replace("tls.key", by: text(of: name + ".key"))
        case .pair(let name): try put(name)
        case .truncated: try replace("tls.pem", by: String(text(of: "rsa2048.pem").prefix(300)))
        case .empty: try replace("tls.pem", by: "")
        case .missing: try FileManager.default.removeItem(atPath: path("tls.pem"))
        case .folder:
            try FileManager.default.removeItem(atPath: path("tls.key"))
            try FileManager.default.createDirectory(
                atPath: path("tls.key"),
                withIntermediateDirectories: true
            )
        }
    }

    private func replace(_ name: String, by text: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    private func text(of name: String) throws -> String {
        try String(contentsOfFile: TestFiles.shared.path(name), encoding: .utf8)
    }
}
