import SCIM
import Store

/// The look-up columns of one row, as they are stored.
struct LookUpTexts {
    /// The folded `userName`.
    let userName: String?
    /// Whether `active` is true: 1 or 0.
    let active: Int64?
    /// The folded `displayName`.
    let displayName: String?
    /// The folded `employeeNumber`.
    let employeeNumber: String?
    /// The folded `manager.value`.
    let managerValue: String?
    /// `manager.value` as sent.
    let managerSent: String?
    /// What others show of the resource.
    let shownName: String?

    /// Those that a resource should have.
    init(_ resource: ValidatedResource, _ codec: DocumentCodec) {
        let lookups = resource.lookups
        userName = lookups.userName.map { codec.lookUp(.userName, $0) }
        active = lookups.isActive.map { $0 ? 1 : 0 }
        displayName = lookups.displayName.map { codec.lookUp(.displayName, $0) }
        employeeNumber = lookups.employeeNumber.map { codec.lookUp(.employeeNumber, $0) }
        managerValue = lookups.managerValue.map { codec.lookUp(.managerValue, $0) }
        managerSent = lookups.managerText.map { codec.sealed(text: $0) }
        shownName = resource.shownName.map { codec.sealed(text: $0) }
    }

    /// Those of the row that a statement is at, in the order above.
    init(_ statement: SQLiteStatement) {
        userName = statement.optionalText(0)
        active = statement.optionalInteger(1)
        displayName = statement.optionalText(2)
        employeeNumber = statement.optionalText(3)
        managerValue = statement.optionalText(4)
        managerSent = statement.optionalText(5)
        shownName = statement.optionalText(6)
    }
}

extension LookUpTexts: Equatable {
    /// The same bytes in every column.
    static func == (left: LookUpTexts, right: LookUpTexts) -> Bool {
        left.active == right.active
            && Revision.isSame(left.userName, right.userName)
            && Revision.isSame(left.displayName, right.displayName)
            && Revision.isSame(left.employeeNumber, right.employeeNumber)
            && Revision.isSame(left.managerValue, right.managerValue)
            && Revision.isSame(left.managerSent, right.managerSent)
            && Revision.isSame(left.shownName, right.shownName)
    }
}

/// The look-up columns that have an index, in the order in which a write compares them.
enum IndexedColumn: Int32, CaseIterable {
    /// `user_name`, which no two rows have alike.
    case userName
    /// `display_name`.
    case displayName
    /// `employee_number`.
    case employeeNumber
    /// `manager_value`.
    case managerValue

    /// What stands in the column.
    func text(of texts: LookUpTexts) -> String? {
        switch self {
        case .userName: texts.userName
        case .displayName: texts.displayName
        case .employeeNumber: texts.employeeNumber
        case .managerValue: texts.managerValue
        }
    }

    /// Puts another text (?1) into the column of one row (?2).
    var update: StaticString {
        switch self {
        case .userName: "UPDATE resources SET user_name = ?1 WHERE row = ?2"
        case .displayName: "UPDATE resources SET display_name = ?1 WHERE row = ?2"
        case .employeeNumber: "UPDATE resources SET employee_number = ?1 WHERE row = ?2"
        case .managerValue: "UPDATE resources SET manager_value = ?1 WHERE row = ?2"
        }
    }
}
