internal import Glibc

/// A system call that failed: which, on what, and why.
package struct SystemError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call, such as `open`.
    package let call: String
    /// The file or other object it was about; nil when the call has none.
    package let object: String?
    /// The `errno` that it left.
    package let code: Int32

    /// A failed call.
    package init(call: String, object: String? = nil, code: Int32) {
        self.call = call
        self.object = object
        self.code = code
    }

    /// Same call and same errno.
    package static func == (left: SystemError, right: SystemError) -> Bool {
        left.code == right.code && left.call == right.call
    }

    /// Whether the user who asked may not do that: `EACCES` or `EPERM`.
    package var isAboutRights: Bool { code == EACCES || code == EPERM }

    /// The system's words for the errno, in lower case: `permission denied`.
    package var reason: String {
        var buffer = [CChar](repeating: 0, count: 128)
        guard unsafe strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
        let words = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return words.prefix(1).lowercased() + words.dropFirst()
    }

    /// `open /var/lib/x: permission denied`.
    package var description: String {
        "\(call)\(object.map { " \($0)" } ?? ""): \(reason)"
    }
}
