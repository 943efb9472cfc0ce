import Crypto
import Foundation
import TLSTransport
import Testing

@testable import Outbound

@Suite("A chain of certificates, judged")
final class ServerChainTests {
    private static let now: Int64 = 1_795_000_000
    private static let library = try? LibraryContext(name: "chains")
    private let folder = FileManager.default.temporaryDirectory.appending(path: "chain-\(UUID().uuidString)")

    deinit {
        // What cannot be removed is left to the system's own cleaning of temporary files.
        try? FileManager.default.removeItem(atPath: folder.path)
    }

    /// A file with a certificate of localhost that lives ten days from ``now``.
    private func file() throws -> String {
        let made = try TrialCertificate(
            names: ["DNS:localhost", "IP:127.0.0.1"],
            library: try #require(Self.library),
            now: Self.now,
            days: 10
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: "server.pem").path
        try Data(made.certificate).write(to: URL(filePath: path))
        return path
    }

    @Test(arguments: [("localhost", true), ("127.0.0.1", true), ("example.com", false), ("127.0.0.2", false)])
    func `it must be for the host that is called`(host: String, isIt: Bool) throws {
        let file = try file()
        let chain = try #require(ServerChain(file: file))

        let verdict = chain.verdict(for: host, Route(authorities: file), now: Self.now + 60)

        #expect(verdict == (isIt ? .trusted : .otherName))
    }

    @Test(
        arguments: [(-1, false), (0, true), (10 * 86_400 - 1, true), (10 * 86_400, false)] as [(Int64, Bool)]
    )
    func `it is trusted as long as OpenSSL finds it valid, its last second left out`(
        offset: Int64,
        isIt: Bool
    ) throws {
        let file = try file()
        let chain = try #require(ServerChain(file: file))

        let verdict = chain.verdict(for: nil, Route(authorities: file), now: Self.now + offset)

        #expect(verdict == (isIt ? .trusted : .outOfDate))
    }

    @Test func `an authority that is not known is told by its name`() throws {
        let chain = try #require(ServerChain(file: try file()))

        let verdict = chain.verdict(for: "localhost", Route(), now: Self.now + 60)

        #expect(verdict == .unknownAuthority("CN=scim-gateway trial"))
    }

    @Test func `without a file of authorities nobody is trusted`() throws {
        let chain = try #require(ServerChain(file: try file()))

        #expect(chain.verdict(for: nil, Route(authorities: "/nowhere"), now: Self.now) == .noAuthorities)
    }

    @Test func `a certificate is read as values`() throws {
        let leaf = try #require(ServerChain(file: try file())?.leaf)

        #expect(leaf.keyKind == "EC" && leaf.keyBits == 256 && leaf.isSelfIssued)
        #expect(leaf.notAfter == Self.now + 10 * 86_400)
        #expect(ServerChain(file: "/etc/hostname") == nil, "a file without a certificate is no chain")
    }
}
