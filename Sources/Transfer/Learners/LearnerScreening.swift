import SCIM

/// Reads a file of learners and checks each line, so that only what can be stored travels to a gateway.
///
/// What it found is told at the end: lines that were refused, and attributes that are not stored.
package struct LearnerScreening {
    private var file: LearnerFile
    private var repetitions = Repetitions()
    /// Lines that were refused, the first ``TransferLimits/toldLines`` of them.
    package private(set) var refused: [RefusedLine] = []
    /// How many lines were refused.
    package private(set) var refusedCount = 0
    /// Attributes that some lines name and that are not stored, with how many lines do.
    package private(set) var ignored: [String: Int] = [:]

    /// A learner who can be stored, as far as the file tells.
    package struct Ready: Sendable, Equatable {
        /// 1-based line in the file.
        package let line: Int
        /// The learner as a client would send them.
        package let json: String

        /// Same line, same bytes.
        package static func == (left: Ready, right: Ready) -> Bool {
            left.line == right.line && TextOrder.isSameBytes(left.json, right.json)
        }
    }

    /// Begins to read.
    ///
    /// - Throws: ``CSVReader/Damage`` when the file as a whole is wrong: nothing of it is to be stored then.
    package init(_ bytes: [UInt8], form: LearnerFile.Form) throws(CSVReader.Damage) {
        guard bytes.count <= TransferLimits.learnerFileBytes else {
            throw CSVReader.Damage(
                line: 1,
                reason:
                    "the file has more than \(TransferLimits.learnerFileBytes >> 20) MiB; import it in parts"
            )
        }
        var whole = try LearnerFile(bytes, form: form)
        file = whole
        // To the end once before anything is stored: damage further down would leave half an import.
        while try whole.next() != nil {}
    }

    /// The next learners, so many at most as travel at once; none at the end.
    ///
    /// - Throws: ``CSVReader/Damage``, of which a file that was begun has none.
    package mutating func next() throws(CSVReader.Damage) -> [Ready] {
        var ready: [Ready] = []
        var bytes = 0
        while ready.count < TransferLimits.linesAtOnce, bytes < TransferLimits.bytesAtOnce,
            let entry = try file.next()
        {
            switch entry {
            case .refused(let line): refuse(line)
            case .learner(let line):
                guard let learner = screened(line) else { continue }
                bytes += learner.json.utf8.count
                ready.append(learner)
            }
        }
        return ready
    }

    /// How much of the file was read, in bytes of how many.
    package var progress: (done: Int, total: Int) { file.progress }

    /// Notes a line that was refused, here or by a gateway.
    package mutating func refuse(_ line: RefusedLine) {
        refusedCount += 1
        if refused.count < TransferLimits.toldLines { refused.append(line) }
    }

    private mutating func screened(_ line: LearnerLine) -> Ready? {
        do throws(RefusedLine) {
            let (learner, notes) = try line.checked()
            try repetitions.note(learner, of: line.number)
            for note in notes { ignored[note.attribute, default: 0] += 1 }
            var json = JSONWriter(capacity: 512)
            json.value(.object(line.json))
            return Ready(line: line.number, json: String(decoding: json.bytes, as: UTF8.self))
        } catch {
            refuse(error)
            return nil
        }
    }
}
