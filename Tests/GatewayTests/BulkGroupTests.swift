import HTTPTransport
import HTTPTypes
import SCIM
import Tenancy
import Testing

@testable import Gateway

@Suite("Groups in a bulk request, RFC 7644 §3.7.1 and §3.7.2, over a real store")
struct BulkGroupTests {
    /// The ids of a group's members, sorted.
    private func members(of id: String, _ gateway: TestGateway) async throws -> [String] {
        let reply = await gateway.send(.get, "/Groups/\(id)")
        guard case .object(let group) = try JSONReader.read(Array(reply.text.utf8)) else { return [] }
        guard case .array(let members)? = group["members"] else { return [] }
        return members.compactMap { member in
            guard case .object(let member) = member, case .string(let id)? = member["value"] else {
                return nil
            }
            return id
        }
        .sorted()
    }

    /// A POST of a group with members.
    private func group(_ bulkID: String, _ members: String...) -> String {
        let list = members.map { #"{"value":"\#($0)"}"# }.joined(separator: ",")
        return
            #"{"method":"POST","path":"/Groups","bulkId":"\#(bulkID)","data":{"displayName":"\#(bulkID)","members":[\#(list)]}}"#
    }

    /// A PATCH of a group.
    private func patch(_ path: String, _ operations: String) -> String {
        #"{"method":"PATCH","path":"\#(path)","data":{"Operations":[\#(operations)]}}"#
    }

    @Test func `a group is made with people who come before and after it`() async throws {
        try await withGateway(attributes: .full) { gateway in
            let there = try await gateway.create("there@example.com")

            let done = try await gateway.bulk(
                post("ada"),
                group("crew", "bulkId:ada", there, "bulkId:grace"),
                post("grace")
            )

            #expect(done.map(\.status) == ["201", "201", "201"])
            #expect(try await members(of: done[1].id, gateway) == [done[0].id, done[2].id, there].sorted())
        }
    }

    @Test func `values and paths of a PATCH may name who is made here, and so may its target`() async throws {
        try await withGateway(attributes: .full) { gateway in
            let done = try await gateway.bulk(
                group("crew"),
                post("ada"),
                post("grace"),
                patch(
                    "/Groups/bulkId:crew",
                    #"{"op":"add","path":"members","value":[{"value":"bulkId:ada"},{"value":"bulkId:grace"}]}"#
                ),
                patch("/Groups/bulkId:crew", #"{"op":"remove","path":"members[value eq \"bulkId:ada\"]"}"#)
            )

            #expect(done.map(\.status) == ["201", "201", "201", "200", "200"])
            #expect(done.map { $0.version?.isEmpty } == [false, false, false, false, false])
            #expect(try await members(of: done[0].id, gateway) == [done[2].id])
        }
    }

    @Test func `groups that are members of each other are made and joined`() async throws {
        try await withGateway(attributes: .full) { gateway in
            let done = try await gateway.bulk(
                group("a", "bulkId:b", "bulkId:ada"),
                group("b", "bulkId:a", "bulkId:ada"),
                post("ada")
            )

            #expect(done.map(\.status) == ["201", "201", "201"])
            #expect(try await members(of: done[0].id, gateway) == [done[1].id, done[2].id].sorted())
            #expect(try await members(of: done[1].id, gateway) == [done[0].id, done[2].id].sorted())
        }
    }

    @Test func `one member who stands for nothing fails the group, and nothing of it is made`() async throws {
        try await withGateway(attributes: .full) { gateway in
            let done = try await gateway.bulk(post("ada"), group("crew", "bulkId:ada", "bulkId:nobody"))

            #expect(done.map(\.status) == ["201", "409"])
            let found = await gateway.send(.get, "/Groups?filter=displayName+eq+%22crew%22")
            #expect(found.text.contains(#""totalResults":0"#))
        }
    }

    @Test func `another tenant's person does not become a member`() async throws {
        try await withGateway(attributes: .full) { gateway in
            let foreign = try await gateway.create("ada@example.com")

            let theirs = try await gateway.bulk(group("crew", foreign), token: gateway.neighbour.text)
            let unknown = try await gateway.bulk(
                group("crew", "ffffffff-ffff-4fff-8fff-ffffffffffff"),
                token: gateway.neighbour.text
            )

            #expect(theirs[0].status == unknown[0].status && theirs[0].status != "201")
            #expect(theirs[0].json["response"] == unknown[0].json["response"])
        }
    }

    @Test func `a connection that provisions users only writes no group here either`() async throws {
        try await withGateway(attributes: .learner) { gateway in
            let done = try await gateway.bulk(
                group("crew", "bulkId:ada"),
                #"{"method":"DELETE","path":"/Groups/x"}"#,
                patch("/Groups/x", ""),
                // Whoever may not write here is told so, whatever the body is.
                #"{"method":"PUT","path":"/Groups/x","data":[]}"#,
                post("ada")
            )

            #expect(done.map(\.status) == ["403", "403", "403", "403", "201"])
        }
    }
}
