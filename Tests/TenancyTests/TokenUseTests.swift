import SCIM
import Testing

@testable import Tenancy

@Suite("The uses of a token")
struct TokenUseTests {
    @Test func `a use is noted to the second, with network and client`() {
        let use = TokenUse()

        let isFirst = note(use, at: 1_999, from: "203.0.113.77", "python-httpx/0.27.0")

        #expect(isFirst)
        #expect(use.first == Timestamp(milliseconds: 1_000))
        #expect(
            use.record
                == TokenUseRecord(
                    first: Timestamp(milliseconds: 1_000),
                    last: Timestamp(milliseconds: 1_000),
                    network: "203.0.113.0/24",
                    client: "python-httpx/0.27.0"
                )
        )
    }

    @Test func `of the requests of one second the first is told, and the first use stays`() {
        let use = TokenUse()

        _ = note(use, at: 1_000, from: "203.0.113.77", "A/1")
        let again = note(use, at: 1_999, from: "198.51.100.7", "B/1")
        let within = use.record
        let later = note(use, at: 2_000, from: "198.51.100.7", "B/1")

        #expect(!again && !later)
        #expect(within?.client == "A/1" && within?.network == "203.0.113.0/24")
        #expect(use.record?.client == "B/1" && use.record?.network == "198.51.100.0/24")
        #expect(use.record?.last.milliseconds == 2_000 && use.first?.milliseconds == 1_000)
    }

    @Test func `a clock that was set back notes nothing until it has caught up`() {
        let use = TokenUse()
        _ = note(use, at: 10_000)

        _ = note(use, at: 9_000)
        #expect(use.record?.last.milliseconds == 10_000)
        _ = note(use, at: 11_000)
        #expect(use.record?.last.milliseconds == 11_000)
    }

    @Test(
        arguments: [
            ("203.0.113.255", "203.0.113.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
            ("::ffff:203.0.113.9", "203.0.113.0/24"), ("::1", "::/48"),
        ])
    func `only the network of an address is told`(_ address: String, _ network: String) {
        let use = TokenUse()

        _ = note(use, at: 0, from: address)

        #expect(use.record?.network == network)
    }

    @Test(
        arguments: [
            ("AzureAD/1.0 (x; y)", "AzureAD/1.0"), ("name", "name"), ("a b", "a"), ("né", "n"),
            (String(repeating: "a", count: 65), String(repeating: "a", count: 64)),
        ])
    func `a client is its first product, cut and cleaned`(_ userAgent: String, _ client: String) {
        #expect(ClientName.cleaned(userAgent) == client)
    }

    @Test(arguments: [
        "", " name", "(comment)", "\u{1B}[31m", "sgw_k7Qm2x4B_8fJr", "Bearer-sgw_k7Qm2x4B_8fJr",
    ])
    func `what names no client, or may be a secret, is left out`(_ userAgent: String) {
        #expect(ClientName.cleaned(userAgent) == nil)
    }

    @Test func `of many requests at once exactly one is the first`() async {
        let use = TokenUse()

        let firsts = await withTaskGroup(of: Bool.self) { tasks in
            for number in 0..<64 {
                tasks.addTask {
                    use.note(at: Timestamp(milliseconds: Int64(number % 4) * 1_000), from: nil, client: nil)
                }
            }
            return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }

        #expect(firsts == 1)
    }

    @Test func `what is kept is not kept again until the next use`() throws {
        let kept = TokenUseRecord(
            first: Timestamp(milliseconds: 1_000),
            last: Timestamp(milliseconds: 5_000),
            network: nil,
            client: nil
        )
        let use = TokenUse(kept)
        #expect(use.unsaved == nil)

        let isFirst = note(use, at: 6_000)
        let unsaved = try #require(use.unsaved)
        #expect(!isFirst && unsaved.first == kept.first && unsaved.last.milliseconds == 6_000)

        _ = note(use, at: 7_000)
        use.saved(unsaved)
        #expect(use.unsaved?.last.milliseconds == 7_000)
        use.saved(try #require(use.unsaved))
        #expect(use.unsaved == nil)
    }

    private func note(
        _ use: TokenUse,
        at milliseconds: Int64,
        from address: String? = nil,
        _ client: String? = nil
    ) -> Bool {
        use.note(
            at: Timestamp(milliseconds: milliseconds),
            from: address.flatMap { IPAddress($0) },
            client: client
        )
    }
}

@Suite("The life of a token")
struct TokenLifeTests {
    @Test func `a token waits for its first use, is active, and ends at its moment`() {
        let life = TokenLife(Given.token(expires: Given.days(1)))

        #expect(life.state(at: Given.now) == .waiting)
        _ = life.use.note(at: Given.now, from: nil, client: nil)
        #expect(life.state(at: Timestamp(milliseconds: Given.days(1).milliseconds - 1)) == .active)
        #expect(life.state(at: Given.days(1)) == .ended)
    }

    @Test func `the earlier of its ends is the one that counts`() {
        let both = TokenLife(Given.token(expires: Given.days(2), revoked: Given.days(1)))
        let late = TokenLife(Given.token(expires: Given.days(1), revoked: Given.days(2)))

        #expect(both.end == TokenEnd(moment: Given.days(1), cause: .revoked))
        #expect(both.state(at: Given.days(3)) == .revoked)
        #expect(late.end == TokenEnd(moment: Given.days(1), cause: .expired))
        #expect(late.state(at: Given.days(3)) == .ended)
        #expect(TokenLife(Given.token()).end == nil)
    }

    @Test func `the first use of a successor sets the end of a token, at once and for good`() {
        let use = TokenUse()
        let life = TokenLife(Given.token(), successors: [Given.successor(use, overlapDays: 14)])
        #expect(life.end == nil)

        _ = use.note(at: Given.now, from: nil, client: nil)
        #expect(life.end == TokenEnd(moment: Given.days(14), cause: .replaced))
        _ = use.note(at: Given.days(1), from: nil, client: nil)

        #expect(life.end?.moment == Given.days(14))
        #expect(life.isLive(at: Timestamp(milliseconds: Given.days(14).milliseconds - 1)))
        #expect(life.state(at: Given.days(14)) == .replaced)
    }

    @Test func `of several successors the one counts that ends it first`() {
        let (slow, fast) = (TokenUse(), TokenUse())
        let life = TokenLife(
            Given.token(expires: Given.days(9)),
            successors: [Given.successor(slow, overlapDays: 14), Given.successor(fast, overlapDays: 0)]
        )

        _ = slow.note(at: Given.now, from: nil, client: nil)
        #expect(life.end == TokenEnd(moment: Given.days(9), cause: .expired))
        _ = fast.note(at: Given.days(1), from: nil, client: nil)
        #expect(life.end == TokenEnd(moment: Given.days(1), cause: .replaced))
    }

    @Test func `a token is listed for 90 days after its end`() {
        let life = TokenLife(Given.token(expires: Given.now))

        #expect(!life.isForgotten(at: Given.days(90)))
        #expect(life.isForgotten(at: Timestamp(milliseconds: Given.days(90).milliseconds + 1)))
        #expect(!TokenLife(Given.token()).isForgotten(at: Given.days(1_000)))
    }
}

@Suite("Warnings of a token's end")
struct ExpiryWarningTests {
    @Test(
        arguments: [
            (60, 60), (59, 60), (31, 60), (30, 30), (14, 14), (8, 14), (7, 7), (2, 7), (1, 1), (0, 1),
        ] as [(Int64, Int64)]
    )
    func `the nearest of the five days that has come is told`(_ daysLeft: Int64, _ told: Int64) {
        let life = TokenLife(Given.token(expires: Given.days(300)))
        let now = Timestamp(milliseconds: Given.days(300 - daysLeft).milliseconds - (daysLeft == 0 ? 1 : 0))

        #expect(life.expiryWarning(at: now) == ExpiryWarning(ends: Given.days(300), daysBefore: told))
    }

    @Test func `before the first of the days, and from the end on, nothing is told`() {
        let life = TokenLife(Given.token(expires: Given.days(300)))

        #expect(life.expiryWarning(at: Timestamp(milliseconds: Given.days(240).milliseconds - 1)) == nil)
        #expect(life.expiryWarning(at: Given.days(300)) == nil)
        #expect(TokenLife(Given.token()).expiryWarning(at: Given.now) == nil)
    }

    @Test func `days that lay before the end when the token was made are not told`() {
        let life = TokenLife(Given.token(expires: Given.days(14)))

        #expect(life.expiryWarning(at: Given.now) == nil)
        #expect(life.expiryWarning(at: Timestamp(milliseconds: Given.days(7).milliseconds - 1)) == nil)
        #expect(life.expiryWarning(at: Given.days(7))?.daysBefore == 7)
    }

    @Test func `the end by a successor is told from half of the overlap on`() {
        let use = TokenUse()
        let life = TokenLife(
            Given.token(expires: Given.days(300)),
            successors: [Given.successor(use, overlapDays: 14)]
        )
        _ = use.note(at: Given.days(100), from: nil, client: nil)

        #expect(life.expiryWarning(at: Given.days(100)) == nil)
        #expect(
            life.expiryWarning(at: Given.days(107)) == ExpiryWarning(ends: Given.days(114), daysBefore: 7)
        )
    }

    @Test func `a warning is news when it is nearer, or of another end`() {
        let week = ExpiryWarning(ends: Given.days(300), daysBefore: 7)

        #expect(week.isNews(after: nil))
        #expect(week.isNews(after: ExpiryWarning(ends: Given.days(300), daysBefore: 14)))
        #expect(week.isNews(after: ExpiryWarning(ends: Given.days(299), daysBefore: 7)))
        #expect(!week.isNews(after: week))
        #expect(!week.isNews(after: ExpiryWarning(ends: Given.days(300), daysBefore: 1)))
    }
}
