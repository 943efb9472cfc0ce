internal import COpenSSL
internal import Glibc

/// Times of certificates and of what is said about them, in seconds since 1970.
enum UTCTime {
    /// A time of ASN.1, UTCTime or GeneralizedTime; nil when it is damaged or not there.
    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var parts = unsafe tm()
        guard let time = unsafe time, unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return unsafe Int64(timegm(&parts))
    }

    /// A day as people write it: `2026-11-23`.
    static func day(_ seconds: Int64) -> String { text(seconds, "%Y-%m-%d") }

    /// A minute as people write it: `2026-11-23 14:02 UTC`.
    static func minute(_ seconds: Int64) -> String { text(seconds, "%Y-%m-%d %H:%M UTC") }

    /// The format is of strftime(3).
    private static func text(_ seconds: Int64, _ format: String) -> String {
        var time = Int(seconds)
        var parts = unsafe tm()
        guard unsafe gmtime_r(&time, &parts) != nil else { return "an unknown day" }
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: textBytes) { room in
            guard let start = room.baseAddress, unsafe strftime(start, room.count, format, &parts) > 0 else {
                return "an unknown day"
            }
            return unsafe String(cString: start)
        }
    }

    /// Room for a time's text, bytes: that of a year with four digits has 20.
    private static let textBytes = 64
}
