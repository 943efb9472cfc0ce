internal import Configuration

/// The keys under `limits` of `gateway.yaml`, and of a tenant file as far as they are a tenant's.
enum LimitKeys {
    static let requestsPerSecond = Setting(
        "requests_per_second",
        .integer(TenancyLimits.requestsPerSecondFloor...1_000_000),
        else: (500, "500"),
        doc: "Requests per second of one tenant; above it they wait up to queue_time, then get 429."
    )
    static let burst = Setting(
        "burst",
        .integer(1...1_000_000),
        else: (1_000, "1000"),
        doc: "Requests of one tenant at once above that rate."
    )
    static let queueTime = Setting(
        "queue_time",
        .duration(.zero...(.seconds(30))),
        else: (.seconds(2), "2s"),
        doc: "How long a request above the rate waits."
    )
    static let body = Setting(
        "body",
        .size(65_536...1_048_576),
        else: (1_048_576, "1MiB"),
        effect: .restart,
        doc: "Bytes of one request's body."
    )
    static let pageSize = Setting(
        "page_size",
        .integer(100...1_000),
        else: (1_000, "1000"),
        effect: .notYet,
        doc: "Resources of one page, at most; 100 when the client names no count."
    )
    static let connections = Setting(
        "connections",
        .integer(1...1_000_000),
        else: (10_000, "10000"),
        effect: .restart,
        doc: "TCP connections at the same time; lowered at start to fit the open files."
    )
    static let connectionsPerAddress = Setting(
        "connections_per_address",
        .integer(1...1_000_000) as SettingType<Int>,
        effect: .restart,
        doc:
            "Those from one address, of IPv6 from one /64; without it 2000, and no more than half of connections."
    )

    static let rows =
        tenantRows + [body.row, pageSize.row, connections.row, connectionsPerAddress.row]
    static let tenantRows = [requestsPerSecond.row, burst.row, queueTime.row]

    static let build: @Sendable (Fields, inout FileReading) -> GatewaySettings.Limits? = { fields, reading in
        guard let tenant = tenantLimits(fields, &reading), let body = fields.value(body, &reading),
            let pageSize = fields.value(pageSize, &reading),
            let connections = fields.value(connections, &reading)
        else { return nil }
        return .init(
            tenant: tenant,
            bodyBytes: body,
            pageSize: pageSize,
            connections: connections,
            connectionsPerAddress: fields.value(connectionsPerAddress, &reading)
        )
    }

    private static func tenantLimits(_ fields: Fields, _ reading: inout FileReading) -> TenantLimits? {
        guard let rate = fields.value(requestsPerSecond, &reading), let burst = fields.value(burst, &reading),
            let queueTime = fields.value(queueTime, &reading)
        else { return nil }
        return TenantLimits(requestsPerSecond: rate, burst: burst, queueTime: queueTime)
    }
}
