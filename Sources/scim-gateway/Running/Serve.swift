import ArgumentParser
import Foundation
import Gateway
import Linux
import Logging
import Operations
import ServiceLifecycle
import Tenancy
import UnixSignals

/// `scim-gateway serve`: runs in the foreground until SIGTERM or SIGINT.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the tenants, in the foreground.",
        discussion: """
            SIGHUP reads the files again; changed ones are taken up without it. SIGTERM and SIGINT let requests in work \
            finish.

            Example: scim-gateway serve -c /etc/scim-gateway/gateway.yaml
            """
    )

    @OptionGroup var global: GlobalOptions

    @Option(help: "A file to make once everything listens. (default: none)")
    var readyFile: String?

    func run() async throws {
        try await serve(Settings.read(global))
    }

    private func serve(_ settings: GatewaySettings) async throws {
        let sink = LogSink(.standardError)
        let threshold = LogThreshold(settings.log.level)
        let logger = Logs.logger(settings.log.format, threshold, sink)
        raiseOpenFiles(logger)
        do {
            let core = try await GatewayCore.open(
                settings,
                making: .sqlite(settings),
                purpose: .serving,
                logThreshold: threshold,
                droppedLogLines: { sink.droppedLines }
            )
            for line in core.findings { Output.note(line) }
            core.tellEvidence(logger)
            let server = GatewayServer(core: core, logger: logger, sockets: .all) { makeReadyFile() }
            try await ServiceGroup(
                services: [server],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            ).run()
            await sink.close()
        } catch {
            await sink.close()
            throw error
        }
    }

    /// Open tenants cost descriptors: take as many as the system gives.
    private func raiseOpenFiles(_ logger: Logger) {
        do throws(SystemError) {
            _ = try ProcessLimits.raiseOpenFiles()
        } catch {
            logger.warning("the limit of open files stays as it is", metadata: ["error.message": "\(error)"])
        }
    }

    private func makeReadyFile() {
        guard let readyFile else { return }
        if !FileManager.default.createFile(atPath: readyFile, contents: Data()) {
            Output.warning("\(readyFile) cannot be made")
        }
    }
}

/// The log as the settings want it.
enum Logs {
    /// A logger that writes JSON, or text for a terminal.
    static func logger(
        _ wanted: GatewaySettings.Log.Format,
        _ threshold: LogThreshold,
        _ sink: LogSink
    ) -> Logger {
        let format: LineLogHandler.Format =
            switch wanted {
            case .json: .json
            case .text: .text
            case .auto: isatty(FileHandle.standardError.fileDescriptor) == 1 ? .text : .json
            }
        return Logger(label: "scim-gateway") { label in
            LineLogHandler(
                label: label,
                threshold: threshold,
                format: format,
                sink: sink,
                now: SystemClock.now
            )
        }
    }
}
