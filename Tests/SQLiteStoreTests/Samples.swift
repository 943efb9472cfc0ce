import SCIM
import Store
import Synchronization
import Tenancy

@testable import SQLiteStore

extension Viewer {
    /// The connection that tests write through.
    static let payroll = Viewer(connection: .init("payroll"), attributeSet: .learner)
    /// A connection with the full attribute set.
    static let directory = Viewer(connection: .init("directory"), attributeSet: .full)
}

extension ResourceID {
    /// The n-th id.
    static func numbered(_ number: Int) -> ResourceID {
        ResourceID("00000000-0000-4000-8000-\(100_000_000_000 + number)")
    }
}

extension Resource {
    /// The n-th learner.
    static func learner(_ number: Int, employeeNumber: String? = nil, manager: String? = nil) -> Resource {
        var user = Resource(type: .user)
        user.attributes["userName"] = .simple(.string("User\(number)@example.com"))
        user.attributes["active"] = .simple(.boolean(true))
        user.externalID = "external-\(number)"
        user.enterprise["employeeNumber"] = employeeNumber.map { .simple(.string($0)) }
        if let manager {
            var value = ComplexValue()
            value["value"] = .simple(.string(manager))
            user.enterprise["manager"] = .complex(value)
        }
        return user
    }
}

extension TenantStore {
    /// Adds the n-th learner.
    func add(
        _ number: Int,
        employeeNumber: String? = nil,
        manager: String? = nil,
        group: TargetGroup.ID? = nil
    ) async throws {
        let learner = Resource.learner(number, employeeNumber: employeeNumber, manager: manager)
        let creation = Creation(
            resource: try Validation.validate(learner, set: .learner),
            id: .numbered(number),
            targetGroup: group,
            now: Timestamp(milliseconds: 1_764_000_000_000),
            isManaged: true,
            associating: nil
        )
        _ = try await create(creation, for: .payroll)
    }

    /// Sets a learner's department, whatever it was.
    func setDepartment(_ text: String, of number: Int) async throws {
        let change = Change(
            type: .user,
            id: .numbered(number),
            now: Timestamp(milliseconds: 1_764_000_001_000)
        ) {
            current throws(SCIMError) in
            var resource = try current.resource.resource()
            resource.enterprise["department"] = .simple(.string(text))
            return .init(try Validation.validate(resource, set: .learner))
        }
        _ = try await self.change(change, for: .payroll)
    }

    /// Whether the n-th learner is there.
    func has(_ number: Int) async throws -> Bool {
        try await resource(.user, id: .numbered(number), for: .payroll, members: .none) != nil
    }
}

/// A clock that moves on by a step each time it is read.
final class SteppingClock: Sendable {
    private let moment: Mutex<ContinuousClock.Instant>
    private let step: Duration

    /// Starts at any moment.
    init(step: Duration) {
        self.step = step
        moment = Mutex(ContinuousClock.now)
    }

    /// Reads it.
    var now: MonotonicClock {
        {
            self.moment.withLock { moment in
                moment = moment.advanced(by: self.step)
                return moment
            }
        }
    }
}
