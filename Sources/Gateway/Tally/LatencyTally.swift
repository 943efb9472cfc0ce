import Synchronization

/// How long things took, in classes: counted where they end, read by the monitoring.
///
/// It costs two atomic additions. Times are whole milliseconds between two looks at a clock that has no finer ones: a
/// class may be missed by one, and sums of many are right all the same.
package final class LatencyTally: Sendable {
    /// The greatest time of each class but the last, which has none: milliseconds.
    ///
    /// A request takes one or two; above ten seconds a client is gone.
    package static let bounds = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000]

    private let classes = InlineArray<14, Atomic<Int>> { _ in Atomic(0) }
    private let total = Atomic(0)

    /// What was counted.
    package struct Counts: Equatable {
        /// How many were in each class, the last one without a bound included.
        package var classes: [Int]
        /// All times together, in milliseconds.
        package var milliseconds: Int

        /// Nothing, or what was counted.
        package init(
            classes: [Int] = [Int](repeating: 0, count: LatencyTally.bounds.count + 1),
            milliseconds: Int = 0
        ) {
            self.classes = classes
            self.milliseconds = milliseconds
        }

        /// How many there were.
        package var count: Int { classes.reduce(0, +) }

        /// The counts of both.
        package static func + (left: Counts, right: Counts) -> Counts {
            Counts(
                classes: zip(left.classes, right.classes).map(+),
                milliseconds: left.milliseconds + right.milliseconds
            )
        }
    }

    /// Counts one that took so long; a clock that was set back meanwhile makes it nothing.
    package func count(milliseconds: Int) {
        var place = 0
        while place < Self.bounds.count, milliseconds > Self.bounds[place] { place += 1 }
        classes[place].wrappingAdd(1, ordering: .relaxed)
        total.wrappingAdd(max(0, milliseconds), ordering: .relaxed)
    }

    /// What was counted until now.
    package var counts: Counts {
        Counts(
            classes: (0...Self.bounds.count).map { classes[$0].load(ordering: .relaxed) },
            milliseconds: total.load(ordering: .relaxed)
        )
    }
}
