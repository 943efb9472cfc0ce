internal import NIOCore

/// One deadline of a connection that is moved far more often than it passes.
///
/// A deadline that moves to later costs nothing: the scheduled task stays, finds when it runs that it is too
/// early, and schedules itself anew. So a keep-alive connection pays for one timer in 75 seconds, not for one per
/// request. Loop-confined; `set(nil)` before it is let go.
final class LoopTimer {
    private let eventLoop: any EventLoop
    private let fired: () -> Void
    private var deadline: NIODeadline?
    private var scheduled: (task: Scheduled<Void>, due: NIODeadline)?

    /// A timer without a deadline.
    /// - Parameters:
    ///   - eventLoop: The loop that it lives on.
    ///   - fired: Called on the loop each time a deadline has passed; it is unset by then.
    init(_ eventLoop: any EventLoop, fired: @escaping () -> Void) {
        self.eventLoop = eventLoop
        self.fired = fired
    }

    /// Moves the deadline; nil takes it away and lets the scheduled task go.
    func set(_ deadline: NIODeadline?) {
        self.deadline = deadline
        guard let deadline else {
            scheduled?.task.cancel()
            scheduled = nil
            return
        }
        if let scheduled, scheduled.due <= deadline {
            return
        }
        scheduled?.task.cancel()
        schedule(deadline)
    }

    /// Takes the deadline away but keeps the scheduled task for the next.
    func pause() {
        deadline = nil
    }

    private func schedule(_ due: NIODeadline) {
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: due) { [weak self] () -> Void in
            self?.ran()
        }
        scheduled = (task, due)
    }

    private func ran() {
        scheduled = nil
        guard let deadline else {
            return
        }
        guard deadline <= eventLoop.now else {
            schedule(deadline)
            return
        }
        self.deadline = nil
        fired()
    }
}
