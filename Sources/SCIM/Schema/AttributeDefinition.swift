/// What a schema says of one attribute or sub-attribute (RFC 7643 §7).
///
/// Data, not behaviour: reading, filters, PATCH, projection and the discovery documents all follow
/// the same definition. It never changes, and is a class so that finding one costs no copy of its
/// parts.
package final class AttributeDefinition: Sendable {
    /// The name in the schema's spelling.
    package let name: AttributeName
    /// The data type.
    package let type: Characteristics.DataType
    /// Whether the attribute holds a list of values.
    package let isMultiValued: Bool
    /// What the attribute is for, in one sentence.
    package let description: String
    /// Whether a resource without a value is refused.
    package let isRequired: Bool
    /// Whether upper and lower case are different values.
    ///
    /// Without meaning for types that are not text.
    package let isCaseExact: Bool
    /// Who may write it.
    package let mutability: Characteristics.Mutability
    /// When it is in an answer.
    package let returned: Characteristics.Returned
    /// Among which resources its value is unique.
    package let uniqueness: Characteristics.Uniqueness
    /// Values that the RFC suggests; others are accepted too.
    package let canonicalValues: [String]
    /// What a reference may point at: resource types, `external` or `uri`.
    package let referenceTypes: [String]
    /// The parts of a complex attribute; empty for others.
    package let subAttributes: [AttributeDefinition]
    /// The names of the parts.
    let subNames: AttributeNames
    /// Whether it is required, or a part of it is.
    let demandsValue: Bool
    /// The smallest attribute set that holds it: `.learner` is in both, `.full` in the full set
    /// only.
    package let smallestSet: AttributeSet

    /// States every characteristic: the short forms below have defaults.
    init(
        name: AttributeName,
        type: Characteristics.DataType,
        isMultiValued: Bool,
        description: String,
        isRequired: Bool,
        isCaseExact: Bool,
        mutability: Characteristics.Mutability,
        returned: Characteristics.Returned,
        uniqueness: Characteristics.Uniqueness,
        canonicalValues: [String],
        referenceTypes: [String],
        subAttributes: [AttributeDefinition],
        smallestSet: AttributeSet
    ) {
        self.name = name
        self.type = type
        self.isMultiValued = isMultiValued
        self.description = description
        self.isRequired = isRequired
        self.isCaseExact = isCaseExact
        self.mutability = mutability
        self.returned = returned
        self.uniqueness = uniqueness
        self.canonicalValues = canonicalValues
        self.referenceTypes = referenceTypes
        self.subAttributes = subAttributes
        subNames = AttributeNames(of: subAttributes)
        demandsValue = isRequired || subAttributes.contains(where: \.isRequired)
        self.smallestSet = smallestSet
    }

    /// Whether a connection of that set may store and see the attribute.
    package func isHeld(by set: AttributeSet) -> Bool {
        set == .full || smallestSet == .learner
    }

    /// The sub-attribute of that name, whatever its case and whatever the set.
    package func subAttribute(_ name: AttributeName) -> AttributeDefinition? {
        subNames.definition(name)
    }

    /// The sub-attribute for which a path to the whole attribute stands in a comparison: `value`,
    /// where there is one.
    ///
    /// `members eq "x"` means `members.value eq "x"`.
    package var significantSubAttribute: AttributeDefinition? {
        subAttribute("value")
    }
}

// MARK: - Short forms for the tables of the schemas

extension AttributeDefinition {
    /// A simple attribute of text.
    static func string(
        _ name: AttributeName,
        _ description: String,
        set: AttributeSet = .full,
        isRequired: Bool = false,
        isCaseExact: Bool = false,
        mutability: Characteristics.Mutability = .readWrite,
        returned: Characteristics.Returned = .default,
        uniqueness: Characteristics.Uniqueness = .none,
        canonicalValues: [String] = []
    ) -> AttributeDefinition {
        AttributeDefinition(
            name: name,
            type: .string,
            isMultiValued: false,
            description: description,
            isRequired: isRequired,
            isCaseExact: isCaseExact,
            mutability: mutability,
            returned: returned,
            uniqueness: uniqueness,
            canonicalValues: canonicalValues,
            referenceTypes: [],
            subAttributes: [],
            smallestSet: set
        )
    }

    /// A simple attribute that is no text.
    ///
    /// Binary values are case exact (RFC 7643 §2.3.6), though §8.7.1 prints `false` for a certificate.
    static func simple(
        _ name: AttributeName,
        _ type: Characteristics.DataType,
        _ description: String,
        set: AttributeSet = .full,
        mutability: Characteristics.Mutability = .readWrite
    ) -> AttributeDefinition {
        AttributeDefinition(
            name: name,
            type: type,
            isMultiValued: false,
            description: description,
            isRequired: false,
            isCaseExact: type == .binary,
            mutability: mutability,
            returned: .default,
            uniqueness: .none,
            canonicalValues: [],
            referenceTypes: [],
            subAttributes: [],
            smallestSet: set
        )
    }

    /// A URI.
    ///
    /// References are case exact (RFC 7643 §2.3.7), though the examples of §8.7.1 print `false`.
    static func reference(
        _ name: AttributeName,
        to referenceTypes: [String],
        _ description: String,
        set: AttributeSet = .full,
        isMultiValued: Bool = false,
        isRequired: Bool = false,
        mutability: Characteristics.Mutability = .readWrite,
        returned: Characteristics.Returned = .default
    ) -> AttributeDefinition {
        AttributeDefinition(
            name: name,
            type: .reference,
            isMultiValued: isMultiValued,
            description: description,
            isRequired: isRequired,
            isCaseExact: true,
            mutability: mutability,
            returned: returned,
            uniqueness: .none,
            canonicalValues: [],
            referenceTypes: referenceTypes,
            subAttributes: [],
            smallestSet: set
        )
    }

    /// An attribute of parts, or a list of such.
    static func complex(
        _ name: AttributeName,
        _ description: String,
        set: AttributeSet = .full,
        isMultiValued: Bool = false,
        mutability: Characteristics.Mutability = .readWrite,
        _ subAttributes: [AttributeDefinition]
    ) -> AttributeDefinition {
        AttributeDefinition(
            name: name,
            type: .complex,
            isMultiValued: isMultiValued,
            description: description,
            isRequired: false,
            isCaseExact: false,
            mutability: mutability,
            returned: .default,
            uniqueness: .none,
            canonicalValues: [],
            referenceTypes: [],
            subAttributes: subAttributes,
            smallestSet: set
        )
    }
}
