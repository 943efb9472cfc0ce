import Testing

@testable import SCIM

private let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

@Suite("Documents read without a JSON tree")
struct StoredDocumentReaderTests {
    private static let samples = [
        #"{"userName":"ada@example.com"}"#,
        #"{"userName":"ada@example.com","active":false,"name":{"givenName":"Zoë \"Z\"","familyName":"Å\n"}}"#,
        #"""
        {"userName":"Ada@Example.com","title":"\u0001 \\ /","profileUrl":"https://x.example/ada",
        "emails":[{"value":"a@x.example","type":"work","primary":true},{"value":"b@x.example"}],
        "x509Certificates":[{"value":"AAECAw=="}],"roles":[{"value":"admin","display":"日本"}],
        "\#(enterprise)":{"department":"Tax","employeeNumber":"0042","manager":{"value":"boss@example.com"}}}
        """#,
    ]

    @Test(arguments: 1...300)
    func `a learner of any shape is the one that the rules of bodies read`(seed: UInt64) throws {
        let document = try stored(RandomLearner(seed: seed).body)

        let learner = StoredDocumentReader.learner(document.document)

        #expect(learner != nil)
        #expect(learner == document.parsedAsTree())
    }

    @Test(arguments: samples)
    func `a document that is damaged at any byte is read no otherwise than by the rules of bodies`(
        body: String
    ) throws {
        let document = try stored(body)

        for place in document.document.indices {
            for byte in [UInt8](#"", {x"#.utf8) + [0xFF] {
                var damaged = document.document
                damaged[place] = byte
                try expectNothingElse(of: damaged, than: document)
            }
            try expectNothingElse(of: Array(document.document[..<place]), than: document)
        }
        try expectNothingElse(of: document.document + [0x20], than: document)
    }

    @Test(arguments: [
        #""title":"""#, #""title":null"#, #""title":7"#, #""Title":"a","title":"b""#, #""shoeSize":"43""#,
        #""password":"x""#, #""externalId":"x""#, #""groups":[{"value":"g"}]"#, #""emails":[]"#,
        #""name":{}"#,
        #""title": "a""#, #""active":"True""#, #""emails":{"value":"a"}"#, #""name":{"given":"a"}"#,
        #""\#(enterprise)":{"manager":"a"}"#, #""\#(enterprise)":{"manager":{"displayName":"a"}}"#,
    ])
    func `what is not written so is left to the rules of bodies`(member: String) throws {
        let document = try stored(#"{"userName":"ada@example.com"}"#).document
        let changed = text(document).replacing(#","meta""#, with: ",\(member),\"meta\"")

        #expect(StoredDocumentReader.learner(document) != nil)
        #expect(StoredDocumentReader.learner(Array(changed.utf8)) == nil)
    }

    @Test func `a document counts as one that was parsed`() throws {
        let document = try stored(Self.samples[2])
        let counter = ParseCounter()

        let isRead = JSONReader.$observer.withValue(counter) {
            StoredDocumentReader.learner(document.document) != nil
        }

        #expect(isRead)
        #expect(counter.count == 1)
    }

    /// The tree may read what the reader leaves to it; what both read is the same.
    private func expectNothingElse(of bytes: [UInt8], than document: StoredResource) throws {
        guard let learner = StoredDocumentReader.learner(bytes) else { return }
        let json = try JSONReader.read(bytes)
        let tree = try Resource.reading(json, type: .user, set: .full, isStored: true).resource
        #expect(learner == tree)
    }
}

/// A learner whose attributes are there by chance, in any order, with texts of any script.
private struct RandomLearner {
    private var chance: Chance

    /// Numbers that are the same for the same seed.
    private struct Chance: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    init(seed: UInt64) {
        chance = Chance(state: seed)
    }

    /// A body that may be stored.
    var body: String {
        var learner = self
        return learner.makeBody()
    }

    private mutating func makeBody() -> String {
        var members = [#""userName":"\#(chance.next() % 1000)@example.com""#]
        for definition in Schema.user.attributes where definition.mutability == .readWrite {
            guard definition.name != "userName", Bool.random(using: &chance) else { continue }
            members.append("\"\(definition.name)\":\(value(of: definition))")
        }
        var parts: [String] = []
        for definition in Schema.enterpriseUser.attributes where Bool.random(using: &chance) {
            parts.append("\"\(definition.name)\":\(value(of: definition))")
        }
        if !parts.isEmpty { members.append("\"\(enterprise)\":{\(joined(parts))}") }
        return "{\(joined(members))}"
    }

    private mutating func value(of definition: AttributeDefinition) -> String {
        guard definition.isMultiValued else { return element(of: definition) }
        let count = Int.random(in: 1...3, using: &chance)
        return "[" + (0..<count).map { _ in element(of: definition) }.joined(separator: ",") + "]"
    }

    private mutating func element(of definition: AttributeDefinition) -> String {
        switch definition.type {
        case .boolean: "false"
        case .complex: complex(definition)
        case .reference: #""https://x.example/\#(chance.next() % 100)""#
        case .binary: #""AAECAw==""#
        default: words.randomElement(using: &chance) ?? "\"x\""
        }
    }

    private mutating func complex(_ definition: AttributeDefinition) -> String {
        var parts: [String] = []
        for part in definition.subAttributes where part.mutability == .readWrite {
            guard parts.isEmpty || Bool.random(using: &chance) else { continue }
            parts.append("\"\(part.name)\":\(element(of: part))")
        }
        return "{\(joined(parts))}"
    }

    private mutating func joined(_ members: [String]) -> String {
        members.shuffled(using: &chance).joined(separator: ",")
    }

    private let words = [
        #""a""#, #""Head office""#, #""Ünïcödé""#, #""e\u0301""#, #""日本語の名前""#, #""\"quoted\"\\""#,
        #""a\nb\u0001""#,
        #""\ud83d\ude00""#, #"" ""#, #""a text that is longer than fifteen bytes""#,
    ]
}
