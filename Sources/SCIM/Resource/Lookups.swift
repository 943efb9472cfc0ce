/// What a store keeps of a resource in columns of their own, so that an index finds it without
/// reading documents.
///
/// "Folded" is ``CaseFolding``: where the schema says `caseExact: false`.
package struct Lookups: Sendable, Equatable {
    /// `userName`, folded.
    package let userName: String?
    /// `active`; nil when nobody said.
    package let isActive: Bool?
    /// `displayName`, folded: a group's, or a user's of the full set.
    package let displayName: String?
    /// `employeeNumber`, folded.
    package let employeeNumber: String?
    /// `manager.value`, folded: what a filter compares.
    package let managerValue: String?
    /// `manager.value` as sent: the id, userName or externalId by which the manager is looked up.
    package let managerText: String?
    /// The name that others see when this user is their manager: givenName familyName, else
    /// `userName`.
    package let nameAsManager: String?
    /// Each `emails.value`, folded.
    package let emailValues: [String]

    /// Picks them out of a resource.
    package init(_ resource: Resource) {
        let attributes = resource.attributes
        self.userName = attributes.string("userName").map(CaseFolding.fold)
        self.isActive = attributes.boolean("active")
        self.displayName = attributes.string("displayName").map(CaseFolding.fold)
        self.employeeNumber = resource.enterprise.string("employeeNumber").map(CaseFolding.fold)
        self.managerText = resource.enterprise.complex("manager")?.string("value")
        self.managerValue = managerText.map(CaseFolding.fold)
        self.nameAsManager = Self.nameAsManager(attributes)
        self.emailValues = attributes.values(of: "emails").map(CaseFolding.fold)
    }

    private static func nameAsManager(_ attributes: ComplexValue) -> String? {
        let name = attributes.complex("name")
        let parts = [name?.string("givenName"), name?.string("familyName")].compactMap { $0 }
        return parts.isEmpty ? attributes.string("userName") : parts.joined(separator: " ")
    }

    /// The same columns, byte by byte.
    package static func == (left: Lookups, right: Lookups) -> Bool {
        left.isActive == right.isActive
            && left.texts.elementsEqual(right.texts) { one, other in
                switch (one, other) {
                case (nil, nil): true
                case (let one?, let other?): TextOrder.isSameBytes(one, other)
                default: false
                }
            }
    }

    private var texts: [String?] {
        let single = [userName, displayName, employeeNumber, managerValue, managerText, nameAsManager]
        return single + emailValues
    }
}

extension ComplexValue {
    /// The value of a simple boolean attribute.
    package func boolean(_ name: AttributeName) -> Bool? {
        guard case .simple(.boolean(let value)) = self[name] else { return nil }
        return value
    }

    /// Each `value` of a multi-valued complex attribute.
    package func values(of name: AttributeName) -> [String] {
        guard case .multiValued(let elements) = self[name] else { return [] }
        return elements.compactMap { element in
            guard case .complex(let value) = element else { return nil }
            return value.string("value")
        }
    }
}
