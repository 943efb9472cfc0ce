internal import Configuration

/// Keeps one mistake from taking many customers down: a folder that is empty, not mounted, or half copied.
///
/// A load that finds so many files gone removes none of them, unless the operator says that they are meant to go.
package enum VanishingGuard {
    /// The share of tenants that one load may remove.
    ///
    /// Whoever removes more does it in steps, or says so: an MSP loses customers one at a time.
    package static let allowedPercent = 20
    /// Tenants that one load may remove whatever share they are: where there are few, one is much, and is removed like
    /// any other.
    package static let alwaysAllowed = 1

    /// Whether that many files that are gone, of those that serve, are too many at once.
    ///
    /// All at once are always too many, even where all is one: an empty folder looks the same.
    package static func isTripped(gone: Int, of serving: Int) -> Bool {
        guard gone > 0 else { return false }
        return gone == serving || (gone > alwaysAllowed && gone * 100 > serving * allowedPercent)
    }

    /// What is told about it, at the folder.
    static func finding(gone: [Tenant.ID], of serving: Int, in folder: String) -> Finding {
        let names = gone.map(\.text).sorted()
        let shown = names.prefix(shownNames).joined(separator: ", ")
        let others = names.count > shownNames ? " and \(names.count - shownNames) more" : ""
        return Finding(
            .error,
            "\(gone.count) of \(serving) tenants have no file here any more (\(shown)\(others)); so many at once are not "
                + "removed, and all of them stay in force",
            at: FilePlace(file: folder),
            fix: "put the files back; if they are meant to go: scim-gateway reload --wait --allow-removals"
        )
    }

    /// Names in the finding: as many as fit a few lines of a terminal.
    private static let shownNames = 10
}
