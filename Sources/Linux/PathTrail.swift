internal import Glibc

/// The folders whose names decide what paths lead to: what must be watched to see that a path leads elsewhere.
///
/// Each path's own folder, and the folder of every symbolic link on the way:
///
/// ```
/// /etc/gw/tenants/contoso.yaml → ..data/contoso.yaml      /etc/gw/tenants      a link, and ..data another
/// /etc/gw/tenants/..data → ..2026_11_23                   /etc/gw/tenants/..2026_11_23
/// ```
///
/// Where the way ends early, the last folder that is there: what is missing would appear in it.
package struct PathTrail {
    private var folders: Set<String> = []
    /// Where folders really are, by the path that leads there; nil when it leads to none.
    private var places: [String: String?] = [:]

    /// Symbolic links on one way, at most: the kernel's own bound (path_resolution(7)).
    private static let links = 40

    /// The folders that decide what the paths of these files, and these folders themselves, lead to.
    package static func folders(ofFiles files: [String], andFolders folders: [String]) -> Set<String> {
        var trail = PathTrail()
        for file in files { trail.follow(file) }
        for folder in folders {
            if let place = trail.place(of: folder) { trail.folders.insert(place) }
        }
        return trail.folders
    }

    /// Follows a file's path to its end, from link to link.
    private mutating func follow(_ file: String) {
        var path = Self.absolute(file)
        // A circle of links ends here as it does in the kernel.
        for _ in 0...Self.links {
            let (folder, name) = Self.split(path)
            guard let place = place(of: folder.isEmpty ? "/" : folder) else { return }
            folders.insert(place)
            guard let target = Self.target(ofLink: "\(place)/\(name)") else { return }
            path = target.hasPrefix("/") ? target : "\(place)/\(target)"
        }
    }

    /// Where a folder really is; nil when its path leads to none.
    ///
    /// Links on the way, and the end of a way that ends early, go into the folders.
    private mutating func place(of folder: String) -> String? {
        if let known = places[folder] { return known }
        let place = walked(Self.absolute(folder))
        places[folder] = .some(place)
        return place
    }

    private mutating func walked(_ path: String) -> String? {
        var ahead: [Substring] = path.split(separator: "/").reversed()
        var place = ""
        var linksLeft = Self.links
        while let name = ahead.popLast() {
            if name == "." { continue }
            if name == ".." {
                place = Self.split(place).folder
                continue
            }
            let next = "\(place)/\(name)"
            if let target = Self.target(ofLink: next) {
                folders.insert(place.isEmpty ? "/" : place)
                linksLeft -= 1
                guard linksLeft >= 0 else { return nil }
                ahead += target.split(separator: "/").reversed()
                if target.hasPrefix("/") { place = "" }
            } else if Self.isFolder(next) {
                place = next
            } else {
                folders.insert(place.isEmpty ? "/" : place)
                return nil
            }
        }
        return place.isEmpty ? "/" : place
    }

    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        guard let here = unsafe getcwd(nil, 0) else { return "/\(path)" }
        defer { unsafe free(here) }
        return unsafe "\(String(cString: here))/\(path)"
    }

    /// `/a/b` is `b` in `/a`; `/a` is `a` in the root, whose own path is empty here.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        return (String(path[..<slash]), String(path[path.index(after: slash)...]))
    }

    /// What a symbolic link says; nil for anything else.
    static func target(ofLink path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe readlink(path, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
