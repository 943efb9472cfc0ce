import Outbound
import Testing

@testable import Rehearsal

@Suite("What Entra sends")
struct EntraRequestsTests {
    private let requests = EntraRequests(tenantURL: "https://scim.example/scim/v2/", token: "t")

    private func body(_ request: HTTPSRequest) -> String {
        String(decoding: request.body ?? [], as: UTF8.self)
    }

    @Test func `a test is a filter with plus signs and an encoded value`() {
        let request = requests.find(userName: "a+b@x.example")

        #expect(request.method == .get)
        #expect(
            request.url == "https://scim.example/scim/v2/Users?filter=userName+eq+%22a%2Bb%40x.example%22"
        )
        #expect(request.fields.contains(HTTPSField("Authorization", "Bearer t")))
        #expect(!request.fields.contains { $0.name == "User-Agent" }, "Entra sends none")
    }

    @Test func `a learner is created with the attributes that are mapped, and no other`() {
        let request = requests.create(.simulated(42, externalID: "e"))

        #expect(
            body(request) == """
                {"schemas":["\(EntraRequests.userSchema)","\(EntraRequests.enterpriseSchema)"],"externalId":"e",\
                "userName":"learner-000042@simulate.invalid","active":true,"meta":{"resourceType":"User"},\
                "name":{"familyName":"Number 42","givenName":"Learner"},\
                "\(EntraRequests.enterpriseSchema)":{"department":"Rehearsal 2","employeeNumber":"S000042"}}
                """
        )
        #expect(request.fields.contains(HTTPSField("Content-Type", "application/scim+json; charset=utf-8")))
    }

    @Test func `switching off is a string under Replace with a capital`() {
        let request = requests.setActive("7/8", false)

        #expect(request.method == .patch && request.url.hasSuffix("/Users/7%2F8"))
        #expect(body(request).contains(#"[{"op":"Replace","path":"active","value":"False"}]"#))
    }

    @Test func `a manager is a bare string at its full path`() {
        let sent = body(requests.change("1", department: "d", manager: "9"))

        #expect(
            sent.contains(
                #"{"op":"Replace","path":"\#(EntraRequests.enterpriseSchema):manager","value":"9"}"#
            )
        )
    }
}
