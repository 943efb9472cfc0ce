import Foundation
import Testing

@testable import Crypto

/// The FIPS module that `deploy/fips-module` built for tests, when it did: FIPS_MODULE_CONFIG names its file.
struct TestModule {
    /// The folder of a copy that may be damaged.
    private let folder: URL

    static let configFile = ProcessInfo.processInfo.environment["FIPS_MODULE_CONFIG"]

    /// Tests that need it run only with it.
    static let isNeeded = ConditionTrait.enabled(
        if: configFile != nil,
        "there is no FIPS module: deploy/fips-module builds one, deploy/test sets FIPS_MODULE_CONFIG"
    )

    /// A context in it: one for all tests, as a context is never freed.
    static let library = Result {
        try LibraryContext(name: "fips", in: FIPSModule(configFile: configFile ?? ""))
    }

    /// A folder of its own with a copy of module and file; without a module, with a file that names none.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("fips-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if let configFile = Self.configFile {
            let source = URL(fileURLWithPath: configFile)
            try FileManager.default.copyItem(at: source, to: config)
            let module = source.deletingLastPathComponent().appendingPathComponent("fips.so")
            try FileManager.default.copyItem(at: module, to: self.module)
        } else {
            let text = "[fips_sect]\nactivate = 1\nmodule-mac = 00\n"
            try text.write(to: config, atomically: true, encoding: .utf8)
        }
    }

    /// The copy as the gateway names it.
    var copy: FIPSModule { FIPSModule(configFile: config.path) }

    var config: URL { folder.appendingPathComponent("fipsmodule.cnf") }
    var module: URL { folder.appendingPathComponent("fips.so") }

    /// Changes the copy's file.
    func rewrite(_ change: (String) -> String) throws {
        try change(String(contentsOf: config, encoding: .utf8)).write(
            to: config,
            atomically: true,
            encoding: .utf8
        )
    }

    func remove() throws {
        try FileManager.default.removeItem(at: folder)
    }
}
