import Foundation
import Linux
import Operations
import Tenancy

/// The way to the admin socket of the gateway that runs.
enum RunningSocket {
    /// The path that `--socket` names, else that of the settings, else where the gateway that was started with the same
    /// settings file has it.
    ///
    /// `storage.directory` and `admin.socket` may be others in the file by now, and hold from the gateway's next start:
    /// without looking for it, a command would take it for stopped, and work on files in the new place.
    static func path(_ options: GlobalOptions, _ settings: GatewaySettings) -> String {
        guard options.socket == nil, !FileManager.default.fileExists(atPath: settings.adminSocket),
            let elsewhere = elsewhere(settings)
        else { return options.socket ?? settings.adminSocket }
        let process = elsewhere.process.map { " (process \($0))" } ?? ""
        Output.warning(
            "the gateway that runs\(process) has its admin socket at \(elsewhere.socket), and \(options.config) says "
                + "\(settings.adminSocket): storage.directory or admin.socket was changed, which needs a restart"
        )
        return elsewhere.socket
    }

    /// As ``path(_:_:)``, with what the settings file says.
    static func path(_ options: GlobalOptions) throws -> String {
        try options.socket ?? path(options, Settings.read(options))
    }

    /// Where the socket is, when it is not where the settings say.
    static func elsewhere(_ settings: GatewaySettings) -> (socket: String, process: Int32?)? {
        guard let holder = HeldLocks.holder(startedWith: settings.path), let socket = holder.adminSocket,
            // A command that works on the files holds their lock, too, and has no socket.
            FileManager.default.fileExists(atPath: socket)
        else { return nil }
        return (socket, holder.process)
    }
}
