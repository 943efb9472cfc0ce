import ArgumentParser
import Configuration
import Foundation
import Gateway
import Linux
import Tenancy

/// A tenant's file, as commands find, check and write it.
struct TenantFilePath {
    /// The tenant's name.
    let name: String
    /// `tenants/contoso.yaml`, below the folder of the settings.
    let path: String
    private let settings: GatewaySettings

    /// The file of a tenant of that name, whether it is there or not.
    init(_ name: String, _ settings: GatewaySettings) throws {
        guard EntityName(name) != nil else {
            throw ValidationError(
                "'\(name)' is no name: use a-z, 0-9 and '-', at most \(EntityName.maximumLength) characters, not '-' first"
            )
        }
        self.name = name
        self.settings = settings
        path = "\(settings.tenants.directory)/\(name).yaml"
    }

    /// Its bytes.
    ///
    /// - Throws: ``Failure`` that names the tenant that was meant, when there is no such file.
    func bytes() throws -> [UInt8] {
        let reader = DiskFileReader()
        do throws(DiskFile.Problem) {
            return try reader.bytes(of: path, atMost: ConfigurationLimits.fileBytes)
        } catch {
            guard error.code == .missing else {
                throw Failure(
                    "\(path): \(error.sentence)",
                    error.code == .notPermitted ? .notAllowed : .failure
                )
            }
            // A folder that cannot be read names nobody.
            let files = (try? reader.names(in: settings.tenants.directory)) ?? []
            let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }
            let meant = Meant.text(name, among: names, having: "there are")
            throw Failure("there is no tenant '\(name)' (\(path)); \(meant)", .refused)
        }
    }

    /// Checks the file as it would be, with all the others as they are.
    ///
    /// - Throws: ``Failure`` with every finding about it, when the gateway would refuse it.
    func check(_ text: String) throws {
        let files = AddedFile(path: path, content: Array(text.utf8), on: DiskFileReader())
        let loaded = TenantDirectoryLoading.load(
            .init(settings: settings, now: SystemClock.now()),
            files: files
        )
        let own = loaded.findings.filter { $0.place.file == path }
        guard own.contains(where: { $0.severity == .error }) else {
            return own.forEach { Output.note($0.description) }
        }
        throw Failure(
            lines: own.map(\.description) + ["error: the file would be refused; nothing is written"],
            .configuration
        )
    }

    /// Writes the file.
    func write(_ text: String, _ place: FileReplacement.Place) throws {
        do throws(SystemError) {
            try FileReplacement.write(Array(text.utf8), to: path, place)
        } catch {
            throw Failure(
                "\(path) cannot be written (\(error)); nothing is changed",
                error.isAboutRights ? .notAllowed : .failure
            )
        }
    }
}
