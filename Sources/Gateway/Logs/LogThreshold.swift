package import Logging
import Synchronization
package import Tenancy

/// From which level on lines are written, for all loggers of the process: a reload changes it while they are in use.
package final class LogThreshold: Sendable {
    private let order: Atomic<Int>

    /// Lines of this level, and more important ones.
    package init(_ level: GatewaySettings.Log.Level = .info) {
        order = Atomic(Self.order(of: level))
    }

    /// The level in force.
    package var level: Logger.Level { Logger.Level.allCases[order.load(ordering: .relaxed)] }

    /// Puts another one in force.
    package func set(_ level: GatewaySettings.Log.Level) {
        order.store(Self.order(of: level), ordering: .relaxed)
    }

    private static func order(of level: GatewaySettings.Log.Level) -> Int {
        // Both enums name swift-log's levels, in its order.
        GatewaySettings.Log.Level.allCases.firstIndex(of: level) ?? 0
    }
}
