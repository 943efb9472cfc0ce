/// In which order the operations of a bulk request are done (RFC 7644 §3.7, §3.7.1).
///
/// As they are listed, but for one thing: who refers to a resource that is made later has it made first, and so on
/// down the chain. Where the chain comes back to an operation that waits for it, that one reference is postponed.
///
/// ```
/// clerk → boss, boss         boss, clerk
/// a → b, b → a               b without its a, a, then b's a
/// ```
package struct BulkOrder: Sendable {
    /// What to do, one after the other: each operation once.
    package private(set) var steps: [Step] = []

    /// One thing to do.
    package enum Step: Sendable, Equatable {
        /// Do an operation, without the references of it that cannot be set yet.
        case perform(Int, postponing: Set<BulkID>)
        /// Set the references that were postponed when the operation was done: now all of them exist, or have failed.
        case complete(Int)
    }

    /// An operation as the order sees it.
    package struct Node: Sendable {
        /// The name of what it makes.
        package let makes: BulkID?
        /// Whom it refers to.
        package let references: [BulkID]

        /// An operation.
        package init(makes: BulkID?, references: [BulkID]) {
            self.makes = makes
            self.references = references
        }
    }

    /// The order of these operations.
    ///
    /// A name that none of them makes orders nothing. Names are made once at most: ``BulkRequest`` sees to it.
    package init(_ nodes: [Node]) {
        var search = DepthFirst(nodes)
        for index in nodes.indices { search.visit(index) }
        steps = search.steps
    }
}

/// The search: depth first, with a stack of its own, since a request may chain a thousand operations.
private struct DepthFirst {
    private let nodes: [BulkOrder.Node]
    private let makers: [BulkID: Int]
    private var states: [State]
    private(set) var steps: [BulkOrder.Step] = []

    private enum State {
        case new
        /// Waits on the stack, at this depth, for what it refers to.
        case open(depth: Int)
        case done
    }

    /// An operation that waits.
    private struct Frame {
        let index: Int
        /// Which of its references is looked at next.
        var next = 0
        /// Those that lead back to operations which wait for this one.
        var postponed: Set<BulkID> = []
        /// The depth of the outermost of these.
        var outermost = Int.max
        /// The operations that can be completed when this one is done.
        var completes: [Int] = []
    }

    init(_ nodes: [BulkOrder.Node]) {
        self.nodes = nodes
        states = Array(repeating: .new, count: nodes.count)
        var makers: [BulkID: Int] = [:]
        for (index, node) in nodes.enumerated() {
            if let name = node.makes { makers[name] = index }
        }
        self.makers = makers
    }

    mutating func visit(_ root: Int) {
        guard case .new = states[root] else { return }
        var stack: [Frame] = []
        open(root, on: &stack)
        while !stack.isEmpty {
            let top = stack.count - 1
            let references = nodes[stack[top].index].references
            guard stack[top].next < references.count else {
                close(&stack)
                continue
            }
            let name = references[stack[top].next]
            stack[top].next += 1
            guard let maker = makers[name] else { continue }
            switch states[maker] {
            case .done:
                break
            case .new:
                open(maker, on: &stack)
            case .open(let depth):
                stack[top].postponed.insert(name)
                stack[top].outermost = min(stack[top].outermost, depth)
            }
        }
    }

    private mutating func open(_ index: Int, on stack: inout [Frame]) {
        states[index] = .open(depth: stack.count)
        stack.append(Frame(index: index))
    }

    /// Does the innermost operation, then completes those for which it was the last to come.
    private mutating func close(_ stack: inout [Frame]) {
        let top = stack.count - 1
        if stack[top].outermost < stack.count {
            stack[stack[top].outermost].completes.append(stack[top].index)
        }
        let frame = stack.removeLast()
        states[frame.index] = .done
        steps.append(.perform(frame.index, postponing: frame.postponed))
        steps += frame.completes.map { .complete($0) }
    }
}
