import HTTPTypes

extension HTTPFields {
    /// The value of a field as the subscript gives it: several of one name are one list (RFC 9110 §5.3).
    ///
    /// Nearly every field is there once, and is given as it is: the subscript goes through a sequence of fields, one of their
    /// values and one of their joined characters, which for the fields of a GET was 2 % of it.
    func text(of name: HTTPField.Name) -> String? {
        guard let first = firstIndex(where: { $0.name == name }) else { return nil }
        for index in index(after: first)..<endIndex where self[index].name == name { return self[name] }
        return self[first].value
    }

    /// The values of all fields of a name, in order.
    func texts(of name: HTTPField.Name) -> [String] {
        var texts: [String] = []
        for field in self where field.name == name { texts.append(field.value) }
        return texts
    }
}
