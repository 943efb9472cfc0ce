import Synchronization

/// How many names had no series of their own, over all looks at the figures.
final class FoldedNames: Sendable {
    private let tenants = Atomic(0)
    private let files = Atomic(0)

    /// Adds those of one look.
    func add(tenants: LabelledNames, files: LabelledNames) {
        self.tenants.wrappingAdd(tenants.foldedCount, ordering: .relaxed)
        self.files.wrappingAdd(files.foldedCount, ordering: .relaxed)
    }

    /// As a metric.
    var family: MetricFamily {
        var family = MetricFamily(
            "scimgw_metric_series_folded_total",
            .counter,
            "Names that are told as \(LabelledNames.other) for want of series, added up over all looks: it grows while there are any."
        )
        family.add(Int64(tenants.load(ordering: .relaxed)), ["set": "tenants"])
        family.add(Int64(files.load(ordering: .relaxed)), ["set": "files"])
        return family
    }
}
