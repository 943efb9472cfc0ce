import Foundation
import Testing

@testable import Linux

/// A folder of a test, which goes with it.
private final class Place {
    let path = FileManager.default.temporaryDirectory.appending(path: "watched-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // What is left of it harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }

    func folder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: "\(path)/\(name)",
            withIntermediateDirectories: true
        )
        return "\(path)/\(name)"
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    func move(_ name: String, to other: String) throws {
        guard unsafe rename("\(path)/\(name)", "\(path)/\(other)") == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: "\(path)/\(name)")
    }
}

@Suite("Watching folders, inotify(7)")
struct InotifyTests {
    @Test func `what is written, replaced, linked and removed in a folder is told once`() throws {
        let place = try Place()
        let inotify = try Inotify()
        #expect(inotify.watch(only: [place.path]).isEmpty)
        #expect(!inotify.takeEvents())

        let steps: [() throws -> Void] = [
            { try place.write("a", to: "a.yaml") },
            { try place.write("b", to: ".a.yaml.tmp") },
            { try place.move(".a.yaml.tmp", to: "a.yaml") },
            { try place.link("link", to: "a.yaml") },
            { try place.remove("a.yaml") },
        ]
        for step in steps {
            try step()
            #expect(inotify.takeEvents())
            #expect(!inotify.takeEvents())
        }
    }

    @Test func `reading tells nothing, and neither does a folder that is not watched any more`() throws {
        let place = try Place()
        let (one, other) = (try place.folder("one"), try place.folder("other"))
        try place.write("a", to: "one/a")
        let inotify = try Inotify()
        _ = inotify.watch(only: [one, other])

        _ = try DiskFile.bytes(of: "\(one)/a", atMost: 10)
        #expect(!inotify.takeEvents())

        _ = inotify.watch(only: [other])
        // The kernel tells the end of a watch, too.
        _ = inotify.takeEvents()
        try place.write("b", to: "one/a")
        #expect(!inotify.takeEvents())
        try place.write("b", to: "other/a")
        #expect(inotify.takeEvents())
    }

    @Test func `a folder that was replaced is watched in its new place`() throws {
        let place = try Place()
        let folder = try place.folder("tenants")
        let inotify = try Inotify()
        _ = inotify.watch(only: [folder])

        try place.move("tenants", to: "old")
        #expect(inotify.takeEvents())
        _ = try place.folder("tenants")
        #expect(inotify.watch(only: [folder]).isEmpty)
        _ = inotify.takeEvents()

        try place.write("a", to: "old/a")
        #expect(!inotify.takeEvents())
        try place.write("a", to: "tenants/a")
        #expect(inotify.takeEvents())
    }

    @Test func `a folder that is not there is refused by name, and the others are watched`() throws {
        let place = try Place()
        let inotify = try Inotify()

        let refused = inotify.watch(only: [place.path, "\(place.path)/missing"])

        #expect(Array(refused.keys) == ["\(place.path)/missing"])
        #expect(refused.values.first?.code == ENOENT)
        try place.write("a", to: "a")
        #expect(inotify.takeEvents())
    }
}

@Suite("Which folders decide what a path leads to")
struct PathTrailTests {
    @Test func `a plain file has one, a folder is its own`() throws {
        let place = try Place()
        let folder = try place.folder("tenants")
        try place.write("", to: "gateway.yaml")

        #expect(trail(of: ["\(place.path)/gateway.yaml"]) == [place.path])
        #expect(PathTrail.folders(ofFiles: [], andFolders: [folder]) == [folder])
    }

    @Test func `a Kubernetes volume has the folder of the links and the folder behind them`() throws {
        let place = try Place()
        let real = try place.folder("..2026_11_23")
        try place.write("", to: "..2026_11_23/contoso.yaml")
        try place.link("..data", to: "..2026_11_23")
        try place.link("contoso.yaml", to: "..data/contoso.yaml")

        #expect(trail(of: ["\(place.path)/contoso.yaml"]) == [place.path, real])
    }

    @Test func `a link further up in the path counts, whether it is absolute or relative`() throws {
        let place = try Place()
        let release = try place.folder("releases/42")
        try place.link("current", to: "releases/42")
        try place.link("also", to: release)

        #expect(trail(of: ["\(place.path)/current/gateway.yaml"]) == [place.path, release])
        #expect(trail(of: ["\(place.path)/also/../42/gateway.yaml"]) == [place.path, release])
    }

    @Test func `where the way ends early, the last folder that is there counts`() throws {
        let place = try Place()

        #expect(trail(of: ["\(place.path)/a/b/gateway.yaml"]) == [place.path])
        #expect(PathTrail.folders(ofFiles: [], andFolders: ["\(place.path)/tenants"]) == [place.path])
        #expect(trail(of: ["/gateway.yaml"]) == ["/"])
    }

    @Test func `links in a circle come to an end`() throws {
        let place = try Place()
        try place.link("a", to: "b")
        try place.link("b", to: "a")

        #expect(trail(of: ["\(place.path)/a"]) == [place.path])
        #expect(trail(of: ["\(place.path)/a/file"]) == [place.path])
    }

    private func trail(of file: [String]) -> Set<String> {
        PathTrail.folders(ofFiles: file, andFolders: [])
    }
}
