package import Gateway
import Logging
import Tenancy

extension OperatorSockets {
    /// Both: figures and health where the settings want them, and the admin socket.
    package static let all = OperatorSockets(
        figures: { core, group, loops, logger in
            guard let address = core.settings.metricsAddress else { return nil }
            let metrics = try await MetricsListener.bind(address, core: core, group: group, loops: loops)
            logger.notice(
                "figures are served",
                metadata: ["event": "metrics.listening", "server.address": "\(metrics.address)"]
            )
            return metrics
        },
        orders: { core, group, loops, logger in
            try await AdminSocket.bind(
                path: core.settings.adminSocket,
                desk: core,
                group: group,
                loops: loops,
                logger: logger
            )
        }
    )
}
