internal import Configuration

/// An `allow_from` of a tenant file, checked by itself.
struct SourceList: Sendable {
    /// What it allows; everything, where it is not written.
    let sources: AllowedSources
    /// Where it names Entra's networks; nil when it does not.
    let entra: FilePlace?

    /// The key, as it stands at a tenant, a connection and a token.
    static func setting(doc: String) -> Setting<[Placed<SourceEntry>]> {
        Setting("allow_from", .list(of: .placed(.source), atMost: TenancyLimits.networks), doc: doc)
    }

    /// Reads the key.
    static func read(
        _ fields: Fields,
        _ setting: Setting<[Placed<SourceEntry>]>,
        _ reading: inout FileReading
    ) -> SourceList {
        let told = reading.count
        guard let entries = fields.value(setting, &reading) else {
            return SourceList(sources: .any, entra: nil)
        }
        guard let sources = AllowedSources(entries.map(\.value)) else {
            reading.error(
                "'any' lets everybody in, and others stand beside it",
                at: entries.first { if case .any = $0.value { true } else { false } }?.place
                    ?? fields.place(of: setting),
                fix: "keep one of both"
            )
            return SourceList(sources: .any, entra: nil)
        }
        // Empty because nothing is written, not because what is written was refused.
        if entries.isEmpty, reading.count == told {
            reading.error(
                "nobody could use it",
                at: fields.place(of: setting),
                fix: "write [any], or status: disabled if that is meant"
            )
        }
        let entra = entries.first { if case .entra = $0.value { true } else { false } }
        return SourceList(sources: sources, entra: entra?.place)
    }
}
