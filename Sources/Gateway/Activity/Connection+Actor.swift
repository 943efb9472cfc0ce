import Dialects
package import Tenancy

extension Connection {
    /// Who the activity says it was that used the connection: the dialect's name.
    ///
    /// `generic` names nobody.
    package var clientActor: String {
        dialect.name == .generic ? Self.unknownClientActor : dialect.name.rawValue
    }

    /// The same of a client of which no dialect is known.
    package static let unknownClientActor = "client"
}
