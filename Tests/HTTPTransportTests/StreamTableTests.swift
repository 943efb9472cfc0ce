import Testing

@testable import HTTPTransport

@Suite("What belongs to streams")
struct StreamTableTests {
    @Test func `it holds what a dictionary holds, whatever is put in, changed and taken out`() {
        var table = StreamTable<Int>()
        var dictionary: [Int32: Int] = [:]
        var number: UInt64 = 1

        for step in 0..<5_000 {
            // A sequence of Knuth's: the same in each run.
            number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let stream = Int32(number >> 33 % 20)
            switch number >> 60 % 4 {
            case 0:
                table[stream] = step
                dictionary[stream] = step
            case 1:
                table.change(stream) { $0 += 1 }
                dictionary[stream]? += 1
            case 2:
                #expect(table.remove(stream) == dictionary.removeValue(forKey: stream))
            default:
                table[stream] = nil
                dictionary[stream] = nil
            }
            #expect(table[stream] == dictionary[stream])
        }

        #expect(table.count == dictionary.count && table.isEmpty == dictionary.isEmpty)
        #expect(Dictionary(uniqueKeysWithValues: Array(table)) == dictionary)
        #expect(table.values.sorted() == dictionary.values.sorted())
    }
}
