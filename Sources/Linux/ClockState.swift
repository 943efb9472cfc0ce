internal import CLinux

/// What the kernel knows of the machine's clock (adjtimex(2)).
package struct ClockState: Sendable, Equatable {
    /// Whether somebody keeps it right: chrony, systemd-timesyncd, ntpd, or the hypervisor through one of them.
    package let isSynchronised: Bool
    /// How wrong it may be at most, microseconds; of no meaning when nobody keeps it right.
    package let largestError: Int

    /// Reads it; nil where the kernel does not tell, as in some containers.
    package static func current() -> ClockState? {
        var error = 0
        let state = unsafe gateway_clock_state(&error)
        guard state >= 0 else { return nil }
        return ClockState(isSynchronised: state != TIME_ERROR, largestError: error)
    }
}
