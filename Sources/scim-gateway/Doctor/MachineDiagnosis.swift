import CloudProfiles
import Configuration
import Foundation
import Linux
import SCIM
import Tenancy

/// What is to be said of the machine: its clock, its disk, its limits, and who may read the gateway's files.
struct MachineDiagnosis {
    let settings: GatewaySettings
    /// The running gateway's process; nil when none runs.
    let process: Int32?

    /// Bytes below which a disk is nearly full, and the store's log may not find room.
    private static let fewBytes = 1 << 30
    /// Files below which a file system is nearly full: a tenant has three.
    private static let fewFiles = 1_000
    /// Bytes of memory below which the system may end a process.
    private static let littleMemory = 256 << 20
    /// Descriptors below which a gateway with some hundred tenants runs out.
    private static let fewDescriptors = 4_096
    /// Microseconds by which a clock may be wrong before tokens and certificates end at a wrong moment.
    private static let largeError = 1_000_000
    /// Bytes of a file below /proc.
    private static let processFileBytes = 1 << 16

    /// Everything.
    func all() -> [Diagnosis] { [clock, disk] + rights() + [memory, descriptors] }

    private var clock: Diagnosis {
        let fix =
            "run a time service: systemctl enable --now systemd-timesyncd; it then shows in: timedatectl"
        guard let clock = ClockState.current() else {
            return .attention("clock", "the kernel does not tell here whether it is right", fix: fix)
        }
        guard clock.isSynchronised else {
            return .attention("clock", "nobody keeps it right, as far as the kernel knows", fix: fix)
        }
        guard clock.largestError < Self.largeError else {
            return .attention("clock", "it may be wrong by \(clock.largestError / 1_000) ms", fix: fix)
        }
        return .good("clock", "synchronised, at most \(max(1, clock.largestError / 1_000)) ms wrong")
    }

    private var disk: Diagnosis {
        let folder = settings.storage.directory
        do throws(SystemError) {
            let room = try FolderSpace(of: folder)
            let files = room.freeFiles.map { ", \(CountText.words($0, "file"))" } ?? ""
            let what = "\(folder): \(room.freeBytes >> 20) MiB\(files) free"
            guard room.freeBytes >= Self.fewBytes, room.freeFiles ?? .max >= Self.fewFiles else {
                return .bad("disk", what, fix: "make room: writes fail when it is full")
            }
            return .good("disk", what)
        } catch {
            return .bad("disk", "\(error)", fix: "make the folder, or correct storage.directory")
        }
    }

    /// Who may read what only the gateway should.
    private func rights() -> [Diagnosis] {
        var found: [Diagnosis] = []
        for path in secrets {
            do throws(SystemError) {
                let rights = try FileRights(of: path)
                guard rights.isOpenToAll else { continue }
                let right = rights.isFolder ? "0750" : "0640"
                found.append(
                    .bad(
                        "rights",
                        "\(path) is \(rights.text): everybody may read it",
                        fix: "chmod \(right) \(path)"
                    )
                )
            } catch {
                found.append(.bad("rights", "\(error)", fix: "see: scim-gateway config check"))
            }
        }
        for path in [settings.path, settings.tenants.directory] {
            // What is not there is told by config check.
            guard let rights = try? FileRights(of: path), rights.isChangeableByAll else { continue }
            found.append(
                .bad("rights", "\(path) is \(rights.text): everybody may change it", fix: "chmod o-w \(path)")
            )
        }
        return found.isEmpty
            ? [.good("rights", "keys and data are nobody else's, \(secrets.count) looked at")] : found
    }

    /// Keys, the folder of the stores, and what lies right below it.
    private var secrets: [String] {
        let root = settings.storage.directory
        let profiles = settings.servedProfiles.map { "\(root)/\($0.rawValue)" }
        let made = profiles.filter { FileManager.default.fileExists(atPath: $0) }
        let keys = Set(settings.listeners.map(\.key.value))
        return keys.sorted() + made.sorted()
    }

    private var memory: Diagnosis {
        let fix = "give the machine more, or run less on it"
        guard let text = processFile("/proc/meminfo"),
            let kibibytes = figure(after: "MemAvailable:", in: text)
        else {
            return .attention("memory", "the system does not tell here how much there is", fix: fix)
        }
        let what = "\(kibibytes >> 10) MiB available"
        return kibibytes << 10 < Self.littleMemory ? .bad("memory", what, fix: fix) : .good("memory", what)
    }

    private var descriptors: Diagnosis {
        let fix = "set LimitNOFILE=65536 in the gateway's unit, then restart it"
        let text = processFile("/proc/\(process.map(String.init) ?? "self")/limits")
        guard let text, let limit = figure(after: "Max open files", in: text) else {
            return .attention("descriptors", "the limit of the running gateway cannot be seen", fix: fix)
        }
        let what = "\(limit) for the \(process == nil ? "processes of this user" : "running gateway")"
        return limit < Self.fewDescriptors
            ? .attention("descriptors", what, fix: fix) : .good("descriptors", what)
    }

    private func processFile(_ path: String) -> String? {
        // What cannot be read is not known, and is told so.
        (try? DiskFile.bytes(of: path, atMost: Self.processFileBytes)).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// The first number after a word at the beginning of a line.
    private func figure(after word: String, in text: String) -> Int? {
        let line = text.split(separator: "\n").first { $0.hasPrefix(word) }
        return line?.dropFirst(word.count).split(separator: " ").first.flatMap { Int($0) }
    }
}
