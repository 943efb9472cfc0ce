package import HTTPTypes
import SCIM
package import Store

/// Method, endpoint and status of an answer, each a small number: places of counters that are found without a look-up.
package struct RequestShape: Equatable {
    /// Of ``methods``.
    package let method: Int
    /// Of ``routes``.
    package let route: Int
    /// Of ``statuses``.
    package let status: Int

    /// The methods that are told apart; the last stands for all others.
    package static let methods = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "other"]
    /// The endpoints by their templates; the first stands for what is none.
    package static let routes = [
        "-", "/Users", "/Users/{id}", "/Groups", "/Groups/{id}", "/Users/.search", "/Groups/.search",
        "/.search",
        "/Bulk", "/", "/Me", "/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/{name}", "/Schemas",
        "/Schemas/{uri}",
    ]
    /// The statuses that this gateway answers; the last stands for all others.
    package static let statuses = [
        200, 201, 204, 304, 400, 401, 403, 404, 405, 408, 409, 412, 413, 414, 415, 417, 421, 429, 431, 500,
        501, 503,
        505, 0,
    ]
    /// How many shapes there are.
    package static let count = 8 * 16 * 24

    /// The place of the shape among all.
    package var place: Int { (method * 16 + route) * 24 + status }

    /// The shape of an answer to a request.
    package init(method: Int, route: Int, status: Int) {
        self.method = method
        self.route = route
        self.status = Self.placesOfStatuses[min(max(status, 0), Self.placesOfStatuses.count - 1)]
    }

    /// The shape at a place.
    package init(at place: Int) {
        method = place / (16 * 24)
        route = place / 24 % 16
        status = place % 24
    }

    /// The place of a method in ``methods``.
    package static func place(of method: HTTPRequest.Method) -> Int {
        switch method {
        case .get: 0
        case .post: 1
        case .patch: 2
        case .put: 3
        case .delete: 4
        case .head: 5
        case .options: 6
        default: 7
        }
    }

    /// The place of each status, by the status.
    private static let placesOfStatuses = (0..<600).map { status in
        statuses.firstIndex(of: status) ?? statuses.count - 1
    }
}

extension RequestShape {
    /// What clients do, as the monitoring tells it: a closed set, each with its place in ``Tenancy/TenantTally``.
    package enum Operation: Int, CaseIterable {
        /// None of the others.
        case other
        /// A test of the connection.
        case probe
        /// A search.
        case list
        /// A resource by its id.
        case get
        /// POST of a resource.
        case create
        /// PUT.
        case replace
        /// PATCH.
        case patch
        /// DELETE.
        case delete
        /// What the service tells of itself.
        case discovery
        /// Many operations in one.
        case bulk
    }

    /// How many kinds of requests there are: the first ones of a ``Tenancy/TenantTally``.
    package static let kinds = Operation.allCases.count * ActivityOutcome.allCases.count
    /// The kind behind them all: an operation of a bulk request that was told 429.
    package static let throttledOperation = kinds + UserChange.allCases.count

    /// What kind of request of its tenant it was.
    package func kind(isProbe: Bool) -> Int {
        let operation = isProbe ? Operation.probe.rawValue : Self.operations[method * 16 + route]
        return operation * ActivityOutcome.allCases.count + outcome.rawValue - 1
    }

    /// The operation and the outcome of a kind.
    package static func meaning(of kind: Int) -> (operation: Operation, outcome: ActivityOutcome)? {
        let outcomes = ActivityOutcome.allCases.count
        guard let operation = Operation(rawValue: kind / outcomes),
            let outcome = ActivityOutcome(rawValue: kind % outcomes + 1)
        else { return nil }
        return (operation, outcome)
    }

    private var outcome: ActivityOutcome {
        let status = Self.statuses[status]
        return status < 400 && status > 0 ? .ok : ActivityOutcome(status: status)
    }

    /// The operation of each method and route.
    private static let operations = methods.flatMap { method in
        routes.map { operation(method, $0).rawValue }
    }

    private static func operation(_ method: String, _ route: String) -> Operation {
        switch (method, route) {
        case (_, "/Bulk"): .bulk
        case (_, "/ServiceProviderConfig"), (_, "/ResourceTypes"), (_, "/ResourceTypes/{name}"),
            (_, "/Schemas"),
            (_, "/Schemas/{uri}"):
            .discovery
        case (_, "/Users/.search"), (_, "/Groups/.search"), (_, "/.search"), ("GET", "/"), ("GET", "/Users"),
            ("GET", "/Groups"):
            .list
        case ("POST", "/Users"), ("POST", "/Groups"): .create
        case ("GET", "/Users/{id}"), ("GET", "/Groups/{id}"): .get
        case ("PUT", "/Users/{id}"), ("PUT", "/Groups/{id}"): .replace
        case ("PATCH", "/Users/{id}"), ("PATCH", "/Groups/{id}"): .patch
        case ("DELETE", "/Users/{id}"), ("DELETE", "/Groups/{id}"): .delete
        default: .other
        }
    }
}

extension Endpoint {
    /// The place of its template in ``RequestShape/routes``.
    package var place: Int {
        switch self {
        case .collection(.user): 1
        case .resource(.user, _): 2
        case .collection(.group): 3
        case .resource(.group, _): 4
        case .search(.user): 5
        case .search(.group): 6
        case .search(nil): 7
        case .bulk: 8
        case .root: 9
        case .me: 10
        case .serviceProviderConfig: 11
        case .resourceTypes: 12
        case .resourceType: 13
        case .schemas: 14
        case .schema: 15
        }
    }
}
