import SCIM
package import Store

extension StoreError {
    /// The error in an operator's words.
    package var operatorText: String {
        switch self {
        case .unavailable(let cause), .unusable(let cause): cause
        case .notFound: "not found"
        case .userNameTaken: "the userName is taken"
        case .externalIDTaken: "the externalId is taken"
        case .refused(let error): error.detail
        case .tooCostly: "too costly"
        }
    }
}
