package import SCIM

/// A column of a CSV of learners, in the order in which one is written.
package enum LearnerColumn: String, Sendable, CaseIterable {
    /// The e-mail address that is the learner's name; no row goes without it.
    case userName
    /// `true` or `false`; empty is true.
    case active
    /// `name.givenName`.
    case givenName
    /// `name.familyName`.
    case familyName
    /// `locale`.
    case locale
    /// `preferredLanguage`.
    case preferredLanguage
    /// `timezone`.
    case timezone
    /// The enterprise extension's `department`.
    case department
    /// The enterprise extension's `employeeNumber`.
    case employeeNumber
    /// The enterprise extension's `manager.value`.
    case manager
    /// The learner's id.
    case id
    /// The target groups and groups that the learner is in, with line breaks between them.
    case groups
    /// The connection that manages the learner.
    case managedBy
    /// When the learner was made.
    case created
    /// When the learner was last written.
    case lastModified

    /// Whether an import takes it; the others tell what the service says of a learner, and are passed over.
    package var isImported: Bool {
        switch self {
        case .id, .groups, .managedBy, .created, .lastModified: false
        default: true
        }
    }

    /// The names of all columns.
    package static var names: [String] { allCases.map(\.rawValue) }

    /// The JSON of a row: what a client would send for the learner.
    package static func json(of row: CSVReader.Row) -> JSONObject {
        var user = JSONObject()
        var name = JSONObject()
        var enterprise = JSONObject()
        for (column, field) in zip(allCases, row.values) where column.isImported && !field.isEmpty {
            let value = JSONValue.string(CSVText.unguarded(field))
            switch column {
            case .givenName, .familyName: name.append(column.rawValue, value)
            case .department, .employeeNumber: enterprise.append(column.rawValue, value)
            case .manager:
                enterprise.append(column.rawValue, .object(JSONObject([.init(name: "value", value: value)])))
            default: user.append(column.rawValue, value)
            }
        }
        if !name.members.isEmpty { user.append("name", .object(name)) }
        if !enterprise.members.isEmpty {
            user.append(SchemaURI.enterpriseUser.text, .object(enterprise))
        }
        return user
    }
}
