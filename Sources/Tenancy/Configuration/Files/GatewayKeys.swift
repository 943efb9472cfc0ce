internal import CloudProfiles
package import Configuration

/// The keys of `gateway.yaml`: the one table that reading, `explain` and the JSON Schema go by.
package enum GatewayKeys {
    static let version = Setting(
        required: "version",
        .integer(1...1),
        effect: .restart,
        doc: "The version of this file's shape: 1."
    )
    static let listeners = Setting(
        required: "listeners",
        .list(of: ListenerKeys.type, atMost: TenancyLimits.listeners),
        effect: .restart,
        doc: "Where clients come in; one or more per cloud profile, and a token works only on its profile's."
    )
    static let profiles = Setting(
        "profiles",
        .mappings(ProfileKeys.rows, ProfileKeys.build),
        effect: .restart,
        doc: "What is changed of a built-in cloud profile."
    )
    static let admin = Setting(
        "admin",
        .mapping(AdminKeys.rows) { fields, reading in fields.value(AdminKeys.socket, &reading) },
        effect: .restart,
        doc: "The socket of the command line."
    )
    static let metrics = Setting(
        "metrics",
        .mapping(MetricsKeys.rows, MetricsKeys.build),
        effect: .restart,
        doc: "Where figures and health are served, to whoever asks: keep it private. Without it: nowhere."
    )
    static let tenants = Setting(
        "tenants",
        .mapping(TenantsKeys.rows, TenantsKeys.build),
        doc: "Where the tenant files are."
    )
    static let storage = Setting(
        "storage",
        .mapping(StorageKeys.rows, StorageKeys.build),
        effect: .restart,
        doc: "Where learners are kept."
    )
    static let limits = Setting(
        "limits",
        .mapping(LimitKeys.rows, LimitKeys.build),
        doc: "Bounds of the whole process."
    )
    static let log = Setting("log", .mapping(LogKeys.rows, LogKeys.build), doc: "What is logged, and how.")
    static let activity = Setting(
        "activity",
        .mapping(ActivityKeys.rows) { fields, reading in fields.value(ActivityKeys.retention, &reading) },
        doc: "The log of what connections did."
    )

    /// The table.
    package static let rows: [SettingRow] = [
        version.row, listeners.row, profiles.row, admin.row, metrics.row, tenants.row, storage.row,
        limits.row,
        log.row, activity.row,
    ]
}

/// The key under `admin`.
enum AdminKeys {
    static let socket = Setting(
        "socket",
        .placed(.path),
        effect: .restart,
        doc: "The Unix socket of the command line. Without it: admin.sock in the data folder."
    )

    static let rows = [socket.row]
}

/// The key under `metrics`.
enum MetricsKeys {
    static let address = Setting(
        required: "address",
        .address,
        effect: .restart,
        doc: "Address and port of /metrics, /livez and /readyz."
    )

    static let rows = [address.row]

    static let build: @Sendable (Fields, inout FileReading) -> ListenAddress? = { fields, reading in
        let wanted = fields.value(address, &reading)
        if let wanted, !wanted.isLoopback {
            reading.warning(
                "metrics listens on \(wanted.host); anyone can read tenant names",
                at: fields.place(of: address),
                fix: "write 127.0.0.1:\(wanted.port), or let nobody but your monitoring reach it"
            )
        }
        return wanted
    }
}

/// The keys under `tenants`.
enum TenantsKeys {
    static let directory = Setting(
        "directory",
        .path,
        else: ("tenants", "tenants"),
        doc: "The folder of the tenant files: *.yaml, without those that begin with . or _, no folders in it."
    )
    static let watch = Setting(
        "watch",
        .flag,
        else: (true, "true"),
        doc:
            "Whether changed files, this one included, are taken over by themselves; else reload or SIGHUP does it."
    )

    static let rows = [directory.row, watch.row]

    static let build: @Sendable (Fields, inout FileReading) -> GatewaySettings.TenantFolder? = {
        fields,
        reading in
        guard let directory = fields.value(directory, &reading), let watch = fields.value(watch, &reading)
        else {
            return nil
        }
        return .init(directory: directory, isWatched: watch)
    }
}

/// The keys under `storage`.
enum StorageKeys {
    static let engine = Setting(
        "engine",
        .choice("engine") as SettingType<Engine>,
        else: (.sqlite, "sqlite"),
        effect: .restart,
        doc: "What learners are kept in."
    )
    static let directory = Setting(
        "directory",
        .path,
        else: ("/var/lib/scim-gateway", "/var/lib/scim-gateway"),
        effect: .restart,
        doc: "The data folder."
    )
    static let openTenants = Setting(
        "open_tenants",
        .integer(1...100_000),
        else: (1_000, "1000"),
        effect: .restart,
        doc:
            "Tenants whose databases are open at the same time; lowered at start to fit the open files."
    )

    /// What keeps the learners.
    enum Engine: String, CaseIterable, Sendable {
        case sqlite, postgresql
    }

    static let rows = [engine.row, directory.row, openTenants.row]

    static let build: @Sendable (Fields, inout FileReading) -> GatewaySettings.Storage? = { fields, reading in
        if fields.value(engine, &reading) == .postgresql {
            reading.error(
                "engine 'postgresql' comes later",
                at: fields.place(of: engine),
                fix: "write sqlite"
            )
        }
        guard let directory = fields.value(directory, &reading),
            let openTenants = fields.value(openTenants, &reading)
        else { return nil }
        return .init(directory: directory, openTenants: openTenants)
    }
}

/// The keys under `log`.
enum LogKeys {
    static let level = Setting(
        "level",
        .choice("level") as SettingType<GatewaySettings.Log.Level>,
        else: (.info, "info"),
        doc: "The least important lines that are written."
    )
    static let format = Setting(
        "format",
        .choice("format") as SettingType<GatewaySettings.Log.Format>,
        else: (.auto, "auto"),
        effect: .restart,
        doc: "json, text, or auto: text on a terminal, JSON elsewhere."
    )

    static let rows = [level.row, format.row]

    static let build: @Sendable (Fields, inout FileReading) -> GatewaySettings.Log? = { fields, reading in
        guard let level = fields.value(level, &reading), let format = fields.value(format, &reading) else {
            return nil
        }
        return .init(level: level, format: format)
    }
}

/// The key under `activity`.
enum ActivityKeys {
    static let retention = Setting(
        "retention",
        .duration(.seconds(86_400)...(.seconds(3_650 * 86_400))),
        else: (.seconds(90 * 86_400), "90d"),
        doc: "How long entries are kept."
    )

    static let rows = [retention.row]
}
