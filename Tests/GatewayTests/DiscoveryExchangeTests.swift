import HTTPTransport
import HTTPTypes
import SCIM
import Testing

@testable import Gateway

@Suite("Discovery over the whole way, RFC 7644 §4")
struct DiscoveryExchangeTests {
    private static let paths = [
        "/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/ResourceTypes/Group", "/Schemas",
        "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User",
        "/Schemas/urn:ietf:params:scim:schemas:extension:enterprise:2.0:User",
        "/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group",
    ]

    @Test func `each document has an entity tag, to GET and to HEAD, and is not sent to who holds it`()
        async throws
    {
        try await withGateway { gateway in
            for path in Self.paths {
                let read = await gateway.send(.get, path)
                let tag = try #require(read.fields[.eTag], "\(path)")
                let head = await gateway.send(.head, path)
                let again = await gateway.send(.get, path, fields: [.ifNoneMatch: "W/\"1\", \(tag)"])
                let headAgain = await gateway.send(.head, path, fields: [.ifNoneMatch: tag])

                #expect(read.status == .ok && head.status == .ok && head.fields[.eTag] == tag)
                #expect(again.status == .notModified && again.body.count == 0)
                #expect(again.fields[.eTag] == tag)
                #expect(headAgain.status == .notModified)
            }
        }
    }

    @Test func `a document that is not the expected one is a failed precondition`() async throws {
        try await withGateway { gateway in
            for path in Self.paths {
                let tag = try #require(await gateway.send(.get, path).fields[.eTag])

                let expected = await gateway.send(.get, path, fields: [.ifMatch: tag])
                let other = await gateway.send(.get, path, fields: [.ifMatch: "W/\"1\""])
                let malformed = await gateway.send(.get, path, fields: [.ifMatch: "1"])

                #expect(expected.status == .ok)
                #expect(other.status == .preconditionFailed && other.text.contains(#""status":"412""#))
                #expect(malformed.status == .badRequest)
            }
        }
    }

    @Test func `each attribute set has tags of its own where it shows something else`() async throws {
        let learner = try await tags(.learner)
        let full = try await tags(.full)

        let same = zip(Self.paths, zip(learner, full)).filter { $1.0 == $1.1 }.map(\.0)

        #expect(same == ["/ServiceProviderConfig", "/ResourceTypes/User"])
    }

    private func tags(_ set: AttributeSet) async throws -> [String?] {
        var tags: [String?] = []
        try await withGateway(attributes: set) { gateway in
            for path in Self.paths { tags.append(await gateway.send(.get, path).fields[.eTag]) }
        }
        return tags
    }
}
