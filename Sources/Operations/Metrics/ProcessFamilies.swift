import Linux

/// The process as the system sees it, under the names that Prometheus's own libraries use.
struct ProcessFamilies {
    /// What the system tells; nil where it does not.
    let figures: ProcessFigures?

    /// All of them; none where nothing is told.
    var families: [MetricFamily] {
        guard let figures else { return [] }
        return [
            Self.family("process_resident_memory_bytes", "Resident memory.", figures.residentBytes),
            Self.family("process_virtual_memory_bytes", "Virtual memory.", figures.virtualBytes),
            Self.family("process_open_fds", "Open file descriptors.", figures.openFiles),
            Self.family("process_max_fds", "File descriptors that may be open.", figures.mostOpenFiles),
            Self.family(
                "process_start_time_seconds",
                "When the process started, in seconds since 1970.",
                figures.startedSeconds
            ),
            cpu(figures),
        ]
    }

    private static func family(_ name: String, _ help: String, _ value: Int?) -> MetricFamily {
        var family = MetricFamily(name, .gauge, help)
        if let value { family.add(Int64(value)) }
        return family
    }

    private func cpu(_ figures: ProcessFigures) -> MetricFamily {
        var family = MetricFamily(
            "process_cpu_seconds_total",
            .counter,
            "Processor time, the system's for it included."
        )
        family.add(milliseconds: Int64(figures.cpuMilliseconds))
        return family
    }
}
