import Testing

@testable import SCIM

@Suite("Errors, RFC 7644 §3.12")
struct SCIMErrorTests {
    @Test func `an error with a kind says it in scimType`() {
        let error = SCIMError.badRequest(.invalidFilter, "Quote the \"text\".")

        #expect(
            text(error.body)
                == joined(
                    errorBeginning,
                    #""status":"400","#,
                    #""scimType":"invalidFilter","detail":"Quote the \"text\"."}"#
                )
        )
    }

    @Test func `an error without a kind has no scimType`() {
        #expect(
            text(SCIMError.notFound("Gone.").body)
                == joined(
                    errorBeginning,
                    #""status":"404","detail":"Gone."}"#
                )
        )
    }

    @Test(
        arguments: [
            (.badRequest(.noTarget, ""), 400, .noTarget),
            (.forbidden(""), 403, nil), (.notFound(""), 404, nil),
            (.conflict(.uniqueness, ""), 409, .uniqueness),
            (.conflict(nil, ""), 409, nil), (.preconditionFailed(""), 412, nil),
        ] as [(SCIMError, Int, SCIMError.Kind?)]
    )
    func `each form has its status and kind`(error: SCIMError, status: Int, kind: SCIMError.Kind?) {
        #expect(error.status == status)
        #expect(error.kind == kind)
    }

    @Test func `errors compare by status and kind, not by prose`() {
        #expect(SCIMError.badRequest(.invalidPath, "one") == .badRequest(.invalidPath, "two"))
        #expect(SCIMError.badRequest(.invalidPath, "one") != .badRequest(.invalidValue, "one"))
        #expect(SCIMError.conflict(.uniqueness, "one") != .badRequest(.uniqueness, "one"))
    }
}
