import Operations
import Tenancy

/// What only a running gateway can answer.
enum Running {
    /// Asks it; ends with 69 when none runs.
    static func asked<Answer>(_ options: GlobalOptions, _ ask: (AdminClient) async throws -> Answer)
        async throws -> Answer
    {
        let path = try RunningSocket.path(options)
        Output.detail("asking the gateway at \(path)")
        do {
            return try await ask(AdminClient(path: path))
        } catch is AdminClient.NotRunning {
            throw Failure(
                "no gateway runs at its admin socket; start it: scim-gateway serve -c \(options.config)",
                .notRunning
            )
        }
    }
}
