package import Configuration

/// What of a settings file that was read again comes into force while the process runs.
extension GatewaySettings {
    /// These settings with the values of those keys that apply on reload.
    ///
    /// All else stays as it was at the start, and so does its listing: a plan goes on telling what needs a restart.
    package func reloaded(from onDisk: GatewaySettings) -> GatewaySettings {
        let old = listing.filter { $0.effect != .reload }
        let holdsReferences = old.contains(where: \.isReference)
        return GatewaySettings(
            listeners: listeners,
            changedProfiles: changedProfiles,
            adminSocket: adminSocket,
            metricsAddress: metricsAddress,
            tenants: onDisk.tenants,
            storage: storage,
            limits: Limits(
                tenant: onDisk.limits.tenant,
                bodyBytes: limits.bodyBytes,
                pageSize: limits.pageSize,
                connections: limits.connections,
                connectionsPerAddress: limits.connectionsPerAddress
            ),
            log: Log(level: onDisk.log.level, format: log.format),
            activityRetention: onDisk.activityRetention,
            path: path,
            listing: old + onDisk.listing.filter { $0.effect == .reload },
            environment: environment,
            outsideValues: holdsReferences ? outsideValues : onDisk.outsideValues
        )
    }

    /// The keys that have another value there than here.
    package func changes(_ onDisk: GatewaySettings) -> [KeyChange] {
        KeyChange.between(
            listing,
            onDisk.listing,
            outsideChanged: outsideValues != onDisk.outsideValues
        )
    }
}
