import HTTPTypes
import SCIM
import Store
import Tenancy
import Testing

@testable import Gateway

@Suite("What is counted of a request")
struct RequestShapeTests {
    @Test func `every shape has a place of its own, and the place tells the shape`() {
        var places: Set<Int> = []
        for method in RequestShape.methods.indices {
            for route in RequestShape.routes.indices {
                for status in RequestShape.statuses {
                    let shape = RequestShape(method: method, route: route, status: status)
                    places.insert(shape.place)
                    #expect(RequestShape(at: shape.place) == shape)
                }
            }
        }

        #expect(places.count == RequestShape.count && places.max() == RequestShape.count - 1)
    }

    @Test(arguments: [
        Endpoint.root, .collection(.user), .collection(.group), .resource(.user, ResourceID("1")),
        .resource(.group, ResourceID("1")), .search(.user), .search(.group), .search(nil), .bulk, .me,
        .serviceProviderConfig, .resourceTypes, .resourceType("User"), .schemas, .schema(.user),
    ])
    func `the place of an endpoint is that of its template`(endpoint: Endpoint) {
        #expect(RequestShape.routes[endpoint.place] == endpoint.template)
    }

    @Test(arguments: [HTTPRequest.Method.get, .post, .patch, .put, .delete, .head, .options])
    func `the place of a method is that of its name`(method: HTTPRequest.Method) {
        #expect(RequestShape.methods[RequestShape.place(of: method)] == method.rawValue)
    }

    @Test func `what is not known is told as other`() throws {
        let shape = RequestShape(
            method: RequestShape.place(of: try #require(HTTPRequest.Method("TRACE"))),
            route: 0,
            status: 299
        )

        #expect(RequestShape.methods[shape.method] == "other" && RequestShape.statuses[shape.status] == 0)
        for status in [-1, 0, 599, 600, 1_000] {
            #expect(RequestShape.statuses[RequestShape(method: 0, route: 0, status: status).status] == 0)
        }
    }

    @Test(
        arguments: [
            (
                HTTPRequest.Method.get, Endpoint.collection(.user), 200, false, RequestShape.Operation.list,
                .ok
            ),
            (.get, .collection(.user), 200, true, .probe, .ok),
            (.get, .resource(.user, ResourceID("1")), 404, false, .get, .refused),
            (.post, .collection(.user), 201, false, .create, .ok),
            (.put, .resource(.group, ResourceID("1")), 412, false, .replace, .refused),
            (.patch, .resource(.user, ResourceID("1")), 503, false, .patch, .failed),
            (.delete, .resource(.user, ResourceID("1")), 429, false, .delete, .throttled),
            (.post, .search(nil), 200, false, .list, .ok),
            (.post, .bulk, 200, false, .bulk, .ok),
            (.get, .schemas, 304, false, .discovery, .ok),
            (.get, .me, 501, false, .other, .failed),
        ] as [(HTTPRequest.Method, Endpoint, Int, Bool, RequestShape.Operation, ActivityOutcome)]
    )
    func `operation and outcome follow from method, endpoint and status`(
        method: HTTPRequest.Method,
        endpoint: Endpoint,
        status: Int,
        isProbe: Bool,
        operation: RequestShape.Operation,
        outcome: ActivityOutcome
    ) throws {
        let shape = RequestShape(
            method: RequestShape.place(of: method),
            route: endpoint.place,
            status: status
        )

        let kind = shape.kind(isProbe: isProbe)

        let meaning = try #require(RequestShape.meaning(of: kind))
        #expect(meaning == (operation, outcome) && kind < RequestShape.kinds)
    }

    @Test func `every kind has a meaning, and there is none beyond`() {
        #expect((0..<RequestShape.kinds).allSatisfy { RequestShape.meaning(of: $0) != nil })
        #expect((RequestShape.kinds...TenantTally.kinds).allSatisfy { RequestShape.meaning(of: $0) == nil })
    }

    @Test func `what is no kind of request has places behind them, and a tally has room for all`() {
        let places = UserChange.allCases.map(\.place) + [RequestShape.throttledOperation]

        #expect(places == Array(RequestShape.kinds..<TenantTally.kinds))
    }

    @Test(arguments: ActivityKind.allCases)
    func `a change of a user is told by what its entry is called`(kind: ActivityKind) {
        let word = kind.rawValue.split(separator: ".").last.map(String.init)

        #expect(UserChange(kind).map { "\($0)" == word } ?? true)
        let changes: Set<ActivityKind> = [
            .userCreated, .userAssociated, .userUpdated, .userDeactivated, .userReactivated, .userDeleted,
        ]
        #expect((UserChange(kind) != nil) == changes.contains(kind))
    }

    @Test(arguments: [(-3, 0), (0, 0), (1, 0), (2, 1), (3, 2), (5, 2), (10_000, 12), (10_001, 13)])
    func `a time is counted in the first class that reaches it`(milliseconds: Int, place: Int) {
        let tally = LatencyTally()

        tally.count(milliseconds: milliseconds)
        tally.count(milliseconds: milliseconds)

        #expect(tally.counts.classes[place] == 2 && tally.counts.count == 2)
        #expect(tally.counts.milliseconds == 2 * max(0, milliseconds))
    }
}
