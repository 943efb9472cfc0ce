import Testing

@testable import SCIM

@Suite("The order of bulk operations, RFC 7644 §3.7 and §3.7.1")
struct BulkOrderTests {
    /// The order of operations written as `name: references`; `-` makes nothing.
    private func steps(_ operations: String...) -> [String] {
        let nodes = operations.map { text in
            let words = text.split { $0 == ":" || $0 == " " }.map { BulkID(String($0)) }
            return BulkOrder.Node(
                makes: words[0] == BulkID("-") ? nil : words[0],
                references: Array(words.dropFirst())
            )
        }
        return BulkOrder(nodes).steps.map(Self.text)
    }

    private static func text(_ step: BulkOrder.Step) -> String {
        switch step {
        case .perform(let index, let postponed) where postponed.isEmpty: "\(index)"
        case .perform(let index, let postponed):
            "\(index) without " + postponed.map(\.text).sorted().joined(separator: " ")
        case .complete(let index): "rest of \(index)"
        }
    }

    @Test func `without references the order is that of the request`() {
        #expect(steps("a:", "-:", "b:", "-:") == ["0", "1", "2", "3"])
    }

    @Test func `a reference back changes nothing`() {
        #expect(steps("a:", "-:", "b: a", "-: a b") == ["0", "1", "2", "3"])
    }

    @Test func `a reference forward has the other made first`() {
        #expect(steps("-:", "clerk: boss", "-:", "boss:") == ["0", "3", "1", "2"])
    }

    @Test func `a chain is followed to its end`() {
        #expect(steps("a: b", "b: c", "c: d", "d:") == ["3", "2", "1", "0"])
    }

    @Test func `two who need the same one have it made once`() {
        #expect(steps("-: c b", "-: b", "b:", "c: b") == ["2", "3", "0", "1"])
    }

    @Test func `a name that no POST has orders nothing`() {
        #expect(steps("a: nobody", "-: nobody", "b:") == ["0", "1", "2"])
    }

    @Test func `a cycle of two is broken at the second and completed after the first`() {
        #expect(steps("a: b", "b: a") == ["1 without a", "0", "rest of 1"])
    }

    @Test func `a cycle of three is broken once`() {
        #expect(steps("a: b", "b: c", "c: a", "-: a") == ["2 without a", "1", "0", "rest of 2", "3"])
    }

    @Test func `one that refers to itself is completed at once`() {
        #expect(steps("a: a", "b:") == ["0 without a", "rest of 0", "1"])
    }

    @Test func `one that two others wait for is completed after the outer of them`() {
        #expect(
            steps("a: b", "b: c", "c: b a", "d: c") == ["2 without a b", "1", "0", "rest of 2", "3"]
        )
    }

    @Test func `cycles that share an operation are completed each at its time`() {
        #expect(
            steps("a: b c", "b: a", "c: a c") == [
                "1 without a", "2 without a c", "0", "rest of 1", "rest of 2",
            ]
        )
    }

    @Test func `of those in no cycle only references back to it are set at once`() {
        #expect(steps("x: a", "a: b", "b: a") == ["2 without a", "1", "rest of 2", "0"])
    }

    @Test
    func
        `whoever refers to whom, each is done once, after whom it needs, and completed when that is possible`()
    {
        // All ways in which three operations can refer to one another and themselves.
        for graph in 0..<(1 << 9) {
            let references = (0..<3).map { from in (0..<3).filter { graph >> (3 * from + $0) & 1 == 1 } }
            let nodes = (0..<3).map { index in
                BulkOrder.Node(
                    makes: BulkID("\(index)"),
                    references: references[index].map { BulkID("\($0)") }
                )
            }

            var made: Set<BulkID> = []
            var unfinished: [Int: Set<BulkID>] = [:]
            for step in BulkOrder(nodes).steps {
                switch step {
                case .perform(let index, let postponed):
                    #expect(made.isDisjoint(with: postponed), "graph \(graph)")
                    #expect(made.union(postponed).isSuperset(of: nodes[index].references), "graph \(graph)")
                    #expect(made.insert(BulkID("\(index)")).inserted, "graph \(graph)")
                    if !postponed.isEmpty { unfinished[index] = postponed }
                case .complete(let index):
                    let postponed = unfinished.removeValue(forKey: index)
                    #expect(postponed?.isSubset(of: made) == true, "graph \(graph)")
                }
            }
            #expect(made.count == 3 && unfinished.isEmpty, "graph \(graph)")
        }
    }

    @Test func `a chain as long as a request may be is walked without deep recursion`() {
        let count = BulkLimits.operations
        let nodes = (0..<count).map { index in
            BulkOrder.Node(makes: BulkID("\(index)"), references: [BulkID("\((index + 1) % count)")])
        }

        let steps = BulkOrder(nodes).steps

        #expect(steps.count == count + 1)
        #expect(steps.first == .perform(count - 1, postponing: [BulkID("0")]))
        #expect(steps[count - 1] == .perform(0, postponing: []))
        #expect(steps.last == .complete(count - 1))
    }

    @Test func `everybody who refers to everybody is ordered once`() {
        let names = (0..<280).map { BulkID("\($0)") }

        let steps = BulkOrder(names.map { .init(makes: $0, references: names) }).steps

        let performed = steps.compactMap { step -> Int? in
            guard case .perform(let index, _) = step else { return nil }
            return index
        }
        #expect(performed.sorted() == Array(names.indices))
        #expect(steps.count == 2 * names.count)
    }
}
