import Logging
import Store

extension Logger {
    /// Tells that a store did not do what the work in the background asked of it, at a tenant or a profile.
    func storeUnavailable(_ message: Logger.Message, _ error: StoreError, at place: Logger.Metadata = [:]) {
        var metadata = place
        metadata["event"] = "store.unavailable"
        metadata["error.message"] = .string(error.operatorText)
        self.error(message, metadata: metadata)
    }
}
