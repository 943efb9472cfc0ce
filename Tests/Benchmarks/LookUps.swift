import HTTPTransport
import HTTPTypes
import NIOCore
import SCIM

/// Looks people up by one of their names, in random order: `GET /Users?filter=… eq "…"`.
struct LookUps {
    /// The gateway with the people.
    let gateway: BenchmarkGateway
    /// Everybody.
    let people: People
    /// Look-ups to measure; as many are made before, to warm up.
    let operations: Int

    /// Measures look-ups by one name; each must find the one whom it names.
    func round(_ number: Int, by work: Work) async throws -> Round {
        var round = Round()
        var generator = SeededGenerator(seed: people.seed, stream: .max - UInt64(number))
        for request in -operations..<operations {
            // What warmed up is forgotten.
            if request == 0 { round = Round() }
            let person = people[Int(generator.next() % UInt64(people.count))]
            let lookUp = gateway.request(.get, "/Users?filter=" + Self.filter(work, person))
            let reply = await round.measure { await gateway.respond(to: lookUp) }
            let text = reply.text
            guard reply.status == .ok, text.contains(#""totalResults":1,"#), text.contains(person.id.text)
            else { throw BenchmarkFailure("\(work.title): \(reply.status), and not the one person") }
        }
        return round
    }

    private static func filter(_ work: Work, _ person: People.Person) -> String {
        let (attribute, value) =
            switch work {
            case .externalID: ("externalId", person.externalID)
            case .email: ("emails.value", person.email)
            default: ("userName", person.userName)
            }
        return "\(attribute)%20eq%20%22\(value)%22"
    }
}

extension Reply {
    /// The body.
    var text: String {
        switch body {
        case .bytes(let buffer): String(buffer: buffer)
        }
    }
}
