import SCIM
package import Store
import Tenancy

/// A learner as a line of an export.
package enum LearnerExport {
    /// The first line of a CSV.
    package static var header: String { CSVText.line(LearnerColumn.names) }

    /// The row of a CSV.
    package static func row(of entry: RosterEntry) -> String {
        let resource = entry.resource
        let view = resource.view(locationPrefix: "")
        let name = view.core.complex("name")
        let fields = LearnerColumn.allCases.map { column -> String? in
            switch column {
            case .userName: view.core.string("userName")
            case .active: view.core.boolean("active").map { $0 ? "true" : "false" }
            case .givenName: name?.string("givenName")
            case .familyName: name?.string("familyName")
            case .locale: view.core.string("locale")
            case .preferredLanguage: view.core.string("preferredLanguage")
            case .timezone: view.core.string("timezone")
            case .department: view.enterprise.string("department")
            case .employeeNumber: view.enterprise.string("employeeNumber")
            case .manager: view.enterprise.complex("manager")?.string("value")
            case .id: resource.id.text
            case .groups: resource.groups.map(\.display).joined(separator: "\n")
            case .managedBy: entry.owner?.text
            case .created: resource.created.rfc3339
            case .lastModified: resource.lastModified.rfc3339
            }
        }
        return CSVText.line(fields.map { $0 ?? "" })
    }

    /// The line of JSON: the resource as a client gets it, and who manages it.
    package static func json(of entry: RosterEntry, locationPrefix: String) -> String {
        var json = JSONWriter(capacity: entry.resource.document.count + 256)
        json.raw(entry.resource.rendered(locationPrefix: locationPrefix).dropLast())
        if let owner = entry.owner {
            json.raw(",")
            json.member(LearnerColumn.managedBy.rawValue, owner.text)
        }
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self) + "\n"
    }
}
