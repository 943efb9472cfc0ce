import CloudProfiles
import Configuration
import Crypto
import Foundation
import Linux
import SCIM
import Testing

@testable import Tenancy

/// Files of a test: paths and their texts.
struct MemoryFiles: FileReader {
    var texts: [String: String] = [:]
    var unreadable: Set<String> = []

    func names(in folder: String) throws(DiskFile.Problem) -> [String] {
        guard !unreadable.contains(folder) else {
            throw .init(code: .notPermitted, sentence: "permission denied")
        }
        return texts.keys.filter { $0.hasPrefix(folder + "/") }.map { String($0.dropFirst(folder.count + 1)) }
            .sorted()
    }

    func bytes(of path: String, atMost bound: Int) throws(DiskFile.Problem) -> [UInt8] {
        guard !unreadable.contains(path) else {
            throw .init(code: .notPermitted, sentence: "permission denied")
        }
        guard let text = texts[path] else {
            throw .init(code: .missing, sentence: "no such file or directory")
        }
        guard text.utf8.count <= bound else { throw .init(code: .tooLarge, sentence: "it is too large") }
        return Array(text.utf8)
    }
}

/// What tests start from.
enum Given {
    /// 2026-11-23T12:00:00Z.
    static let now = Timestamp(milliseconds: 1_795_435_200_000)

    /// One for all tests: a context is never freed, and a process has room for a few hundred.
    static func library() throws -> LibraryContext { try sharedLibrary.get() }

    private static let sharedLibrary = Result { try LibraryContext(name: "test") }

    static func days(_ count: Int64) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds + count * 86_400_000)
    }

    /// A token of the connection main of contoso, made by command.
    static func token(
        _ id: String = "aaaaaaaa",
        expires: Timestamp? = nil,
        revoked: Timestamp? = nil,
        replacement: TokenRecord.Replacement? = nil
    ) -> TokenRecord {
        // The ids of tests are 8 base62 characters.
        // swift-format-ignore: NeverForceUnwrap
        TokenRecord(
            id: AccessToken.ID(id)!,
            digest: Array(repeating: 1, count: 32),
            tenant: .init("contoso"),
            connection: .init("main"),
            created: now,
            expires: expires,
            revoked: revoked,
            origin: .control,
            replacement: replacement
        )
    }

    /// A token with these uses that steps in place of another.
    static func successor(_ use: TokenUse, overlapDays: Int64) -> TokenLife.Successor {
        TokenLife.Successor(id: token("zzzzzzzz").id, use: use, overlapMilliseconds: overlapDays * 86_400_000)
    }

    /// A settings file with a listener for each profile.
    static let gatewayText = """
        version: 1
        listeners:
          - profile: commercial
            address: "[::]:8443"
            public_url: https://scim.msp.example
            certificate: tls/scim.pem
            key: tls/scim.key
          - profile: gcc-high
            address: "[::]:8444"
            public_url: https://scim-gov.msp.example
            certificate: tls/gov.pem
            key: tls/gov.key
        storage: {directory: /data}
        """

    static func settings(_ text: String = gatewayText) throws -> GatewaySettings {
        try #require(GatewaySettings.read(Array(text.utf8), path: "gateway.yaml").value)
    }

    /// A tenant file with one connection, `main`, and what is added to it, indented by four.
    static func tenantText(_ name: String, profile: String = "commercial", connection: String = "") -> String
    {
        """
        version: 1
        tenant: \(name)
        profile: \(profile)
        groups:
          - {id: all, display_name: All}
        connections:
          - id: main
            group: all
            dialect: entra
        \(connection)
        """
    }

    /// The lines of a declared token, for ``tenantText(_:profile:connection:)``.
    static func tokenText(_ id: String, digest: [UInt8] = Array(repeating: 7, count: 32), _ more: String = "")
        -> String
    {
        "      - {id: \(id), digest: \"\(DigestText.text(digest))\"\(more)}\n"
    }

    static func sample(_ path: String) throws -> String {
        let url = try #require(Bundle.module.resourceURL).appending(path: "Samples/\(path)")
        return try String(contentsOf: url, encoding: .utf8)
    }

    static func sampleNames(_ folder: String, ending: String) throws -> [String] {
        let url = try #require(Bundle.module.resourceURL).appending(path: "Samples/\(folder)")
        return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(ending) }
            .sorted()
    }
}
