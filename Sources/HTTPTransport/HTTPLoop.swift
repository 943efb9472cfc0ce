package import NIOCore

/// What all HTTP connections of one event loop share: the executor of their tasks and the text of `Date`.
package final class HTTPLoop: Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, as `time(2)` tells them.
    package typealias Clock = @Sendable () -> Int64

    /// The loop.
    package let eventLoop: any EventLoop

    /// Its number among the loops of its group, from 0.
    package let number: Int

    /// Runs the requests' tasks on the loop.
    package let executor: LoopExecutor

    private let clock: Clock
    private let date: NIOLoopBoundBox<DateLine>
    /// When the last of the connections that pause is read again.
    private let lastPauseEnds: NIOLoopBoundBox<NIODeadline>

    /// The shared things of one loop.
    /// - Parameters:
    ///   - eventLoop: The loop.
    ///   - number: Its number among the loops of its group.
    ///   - clock: The time for `Date`.
    package init(_ eventLoop: any EventLoop, number: Int = 0, clock: @escaping Clock) {
        self.eventLoop = eventLoop
        self.number = number
        self.clock = clock
        executor = LoopExecutor(eventLoop)
        date = .makeBoxSendingValue(DateLine(second: 0), eventLoop: eventLoop)
        lastPauseEnds = .makeBoxSendingValue(.uptimeNanoseconds(0), eventLoop: eventLoop)
    }

    /// `Date` for now.
    ///
    /// On the loop only; written anew once a second.
    var dateLine: DateLine {
        let now = clock()
        if date.value.second != now {
            date.value = DateLine(second: now)
        }
        return date.value
    }

    /// When a connection that pauses for so long is read again.
    ///
    /// On the loop only. Those that pause together do not come back together: each brings all requests that it has
    /// gathered meanwhile, and whoever else is on the loop would wait for all of them.
    /// - Parameters:
    ///   - time: How long the pause lasts at least.
    ///   - requests: How many requests the connection may bring at once.
    /// - Returns: The end of the pause.
    func endOfPause(_ time: TimeAmount, bringing requests: Int) -> NIODeadline {
        let earliest = lastPauseEnds.value + Self.spacing * requests
        lastPauseEnds.value = max(eventLoop.now + time, earliest)
        return lastPauseEnds.value
    }

    /// Time for each request that comes back after a pause: ten times what its refusal takes.
    private static let spacing = TimeAmount.microseconds(400)

    /// Does something on the loop: now when called there, soon when not.
    func perform(_ action: @escaping @Sendable () -> Void) {
        if eventLoop.inEventLoop {
            action()
        } else {
            eventLoop.execute(action)
        }
    }
}

/// The `HTTPLoop` of every loop of a group.
package struct HTTPLoops: Sendable {
    private let loops: [ObjectIdentifier: HTTPLoop]
    private let clock: HTTPLoop.Clock

    /// One `HTTPLoop` for each loop of the group.
    /// - Parameters:
    ///   - group: The loops that connections are spread over.
    ///   - clock: The time for `Date`.
    package init(group: any EventLoopGroup, clock: @escaping HTTPLoop.Clock) {
        self.clock = clock
        loops = Dictionary(
            group.makeIterator().enumerated().map { number, loop in
                (ObjectIdentifier(loop), HTTPLoop(loop, number: number, clock: clock))
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The shared things of a connection's loop.
    ///
    /// A loop outside the group gets its own each time it is asked for.
    package subscript(eventLoop: any EventLoop) -> HTTPLoop {
        loops[ObjectIdentifier(eventLoop)] ?? HTTPLoop(eventLoop, clock: clock)
    }
}
