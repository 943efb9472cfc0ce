import SCIM

/// The people of a benchmark, each made from the seed and a number alone: every process knows them all and keeps none.
struct People: Sendable {
    /// How many there are; their numbers begin with 0.
    let count: Int
    /// What all of them are drawn from.
    let seed: UInt64

    /// What one is called, in every way that it can be looked up.
    struct Person: Sendable {
        /// The resource's id.
        let id: ResourceID
        /// An e-mail address, as Entra sends it.
        let userName: String
        /// A UUID, as Entra sends it.
        let externalID: String
        /// Another address than ``userName``, so that its index has an order of its own.
        let email: String
        /// First and last name.
        let givenName: String, familyName: String
        /// A number of ten digits.
        let employeeNumber: String
    }

    /// The person of that number.
    subscript(number: Int) -> Person {
        var generator = SeededGenerator(seed: seed, stream: UInt64(number) + 1)
        let (given, family) = (generator.name(syllables: 2), generator.name(syllables: 3))
        return Person(
            id: ResourceID(generator.uuid()),
            // No two share the 40 bits: with the names before them a million people meet in one run out of 10^9.
            userName: "\(given).\(family)\(generator.digits(8))@contoso.example",
            externalID: generator.uuid(),
            email: "\(generator.name(syllables: 3)).\(generator.digits(8))@mail.example",
            givenName: given,
            familyName: family,
            employeeNumber: generator.digits(10)
        )
    }

    /// All numbers in random order, the same in every process: the group's members, then those who come later.
    var inOrder: [Int] {
        var generator = SeededGenerator(seed: seed, stream: 0)
        return (0..<count).shuffled(using: &generator)
    }
}

extension People.Person {
    /// The resource that Entra would send for the person.
    var resource: Resource {
        var user = Resource(type: .user)
        user.externalID = externalID
        user.attributes["userName"] = .simple(.string(userName))
        user.attributes["active"] = .simple(.boolean(true))
        user.attributes["displayName"] = .simple(.string("\(givenName) \(familyName)"))
        var name = ComplexValue()
        name["givenName"] = .simple(.string(givenName))
        name["familyName"] = .simple(.string(familyName))
        user.attributes["name"] = .complex(name)
        var email = ComplexValue()
        email["type"] = .simple(.string("work"))
        email["value"] = .simple(.string(self.email))
        email["primary"] = .simple(.boolean(true))
        user.attributes["emails"] = .multiValued([.complex(email)])
        user.enterprise["employeeNumber"] = .simple(.string(employeeNumber))
        user.enterprise["department"] = .simple(.string("Department \(employeeNumber.suffix(2))"))
        return user
    }
}
