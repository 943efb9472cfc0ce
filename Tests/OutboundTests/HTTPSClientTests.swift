import Testing

@testable import Outbound

@Suite("Requests to servers outside")
struct HTTPSClientTests {
    private func failure(of url: String, _ route: Route = Route()) throws -> HTTPSFailure? {
        let client = try HTTPSClient(route)
        do throws(HTTPSFailure) {
            _ = try client.exchange(HTTPSRequest(.get, url))
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            // Port 1 is nobody's.
            ("https://127.0.0.1:1/", .notConnected), ("https://nowhere.invalid/", .unresolved),
            ("http://127.0.0.1:1/", .failed), ("file:///etc/hostname", .failed),
        ] as [(String, HTTPSFailure.Code)]
    )
    func `a failure has the reason as its code`(url: String, code: HTTPSFailure.Code) throws {
        #expect(try failure(of: url)?.code == code)
    }

    @Test func `a failure is told without the address that was asked for`() throws {
        let sentence = try #require(try failure(of: "https://127.0.0.1:1/Users?filter=secret")?.sentence)

        #expect(!sentence.contains("secret"))
    }

    @Test func `a suite that OpenSSL does not have is impossible, not refused`() throws {
        let client = try HTTPSClient(Route())

        let offer = TLSOffer(version: .tls12, suites: ["NO-SUCH-SUITE"])

        // It must get as far as TLS to notice: there is nobody, and that is what is told.
        #expect(throws: HTTPSFailure(.notConnected, "")) {
            try client.look(at: "https://127.0.0.1:1/", offering: offer)
        }
    }
}

@Suite("What an answer showed")
struct ObservationTests {
    private func observed(_ lines: [String]) -> Observation {
        let observation = Observation()
        for line in lines { observation.take(line: Array(line.utf8)) }
        return observation
    }

    @Test func `fields of an interim answer are not those of the answer`() {
        let observation = observed([
            "HTTP/1.1 100 Continue\r\n", "Early: 1\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "Late: a:b\r\n",
            "\r\n",
        ])

        #expect(observation.fields == [HTTPSField("Late", "a:b")])
    }

    @Test(arguments: [(0, true), (1, false)])
    func `a body is taken up to its limit`(excess: Int, isTaken: Bool) {
        let observation = Observation()
        let body = [UInt8](repeating: 0, count: OutboundLimits.bodyBytes + excess)

        #expect(observation.take(body: body) == isTaken)
        #expect(observation.isTooLarge == !isTaken)
    }

    @Test(arguments: [
        (OutboundLimits.fields, OutboundLimits.fields), (OutboundLimits.fields + 1, OutboundLimits.fields),
    ])
    func `fields are kept up to their limit`(sent: Int, kept: Int) {
        #expect(observed((0..<sent).map { "F\($0): v\r\n" }).fields.count == kept)
    }
}
