package import SCIM

/// What a tenant's store is asked for, as the monitoring tells it.
package enum StoreOperation: Int, CaseIterable {
    /// A new resource.
    case create
    /// A resource by its id.
    case read
    /// Resources by a filter.
    case search
    /// PUT.
    case replace
    /// PATCH.
    case patch
    /// DELETE.
    case delete

    /// What an operation asks for.
    package init(_ operation: SCIMOperation) {
        switch operation {
        case .create: self = .create
        case .read: self = .read
        case .search: self = .search
        case .replace: self = .replace
        case .patch: self = .patch
        case .delete: self = .delete
        }
    }
}
