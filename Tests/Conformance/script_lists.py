"""Lists of a fixed cast: filters, sorting, pages, projections, and the same by .search."""

from exchange import Request
from vocabulary import *

CAST = {
    "ada": enterprise_user(
        "ada", {"employeeNumber": "10", "department": "Engines", "manager": {"value": "none"}}, externalId="X-1",
        name={"givenName": "Ada", "familyName": "Lovelace"}, displayName="Ada L", title="Countess", userType="Employee",
        active=True, emails=[{"value": "ada@work.example", "type": "work", "primary": True},
                             {"value": "ada@home.example", "type": "home"}],
        phoneNumbers=[{"value": "+441", "type": "mobile"}], roles=[{"value": "analyst", "primary": True}]),
    "bob": user("bob", name={"givenName": "bob", "familyName": "babbage"}, displayName="bob \"the\" [b]", title="Mr",
                active=False, externalId="x-1", emails=[{"value": "bob@work.example", "type": "work"}]),
    "eva": enterprise_user(
        "eva", {"employeeNumber": "9", "department": "engines"}, externalId="e-3", name={"familyName": "Straße"},
        displayName="Éva", title="Dr", emails=[{"value": "eva@home.example", "type": "home", "primary": True}]),
    "ned": user("ned", nickName="Ned and Fred", locale="en-US"),
}

FILTERS = [
    # operators
    'userName eq "ada@example.com"', 'userName eq "ADA@EXAMPLE.COM"', 'USERNAME EQ "ada@example.com"',
    'userName ne "ada@example.com"', 'userName co "da@ex"', 'userName sw "ADA"', 'userName ew ".com"', 'userName pr',
    'userName gt "bob@example.com"', 'userName ge "bob@example.com"', 'userName lt "bob@example.com"',
    'userName le "BOB@example.com"', 'title pr', 'title ne "Mr"', 'title eq null', 'title ne null',
    'displayName eq "ÉVA"', 'name.familyName eq "STRASSE"', 'name.familyName eq "LOVELACE"', 'active eq true',
    'active eq false', 'active ne true', 'active eq "true"', 'active pr', 'active gt true', 'externalId eq "X-1"',
    'externalId eq "x-1"', 'id eq "<ada>"', 'id ne "<ada>"', 'id pr', 'id sw "<ada>"', 'meta.resourceType eq "User"',
    'meta.created gt "2001-01-01T00:00:00Z"', 'meta.lastModified lt "2001-01-01T00:00:00Z"',
    'meta.created eq "yesterday"', 'meta.created co "2001"', 'meta.location co "Users"', 'meta.version pr',
    'schemas eq "%s"' % ENTERPRISE, 'schemas pr', 'groups pr', 'groups.value eq "none"', 'password pr',
    'password eq "x"',
    # connected
    'active eq true and userName sw "a"', 'userName sw "a" or userName sw "b"',
    'userName sw "a" or userName sw "b" and active eq true', '(userName sw "a" or userName sw "b") and active eq true',
    'not (userName sw "a")', 'not(userName sw "a")', 'NOT (userName sw "a") AND active EQ true',
    'not (not (userName sw "a"))', '((userName sw "a"))', 'nickName eq "Ned and Fred"', 'displayName co "\\"the\\""',
    'displayName co "[b]"', 'displayName eq "bob \\u0022the\\u0022 [b]"',
    # multi-valued and complex
    'emails pr', 'emails eq "ada@work.example"', 'emails co "home"', 'emails.value co "home.example"',
    'emails.type eq "WORK"', 'emails[type eq "work"]', 'emails[type eq "work" and value co "bob"]',
    'emails[type eq "work"] and active eq true', 'emails[primary eq true]', 'emails[not (type eq "work")]',
    'not (emails[type eq "work"])', 'emails ne "ada@work.example"',
    'emails[type eq "work"].value eq "bob@work.example"', 'emails[type eq "fax"]', 'emails[type pr]',
    'emails.display pr', 'emails.value eq null', 'emails[type eq "work" or type eq "home"]', 'name pr',
    'name.givenName pr', 'name co "Ada"', 'name[givenName eq "Ada"]', 'addresses pr',
    'phoneNumbers[type eq "mobile" and value eq "+441"]', 'roles eq "analyst"',
    # extensions
    '%s:department eq "Engines"' % ENTERPRISE, '%s:employeeNumber gt "10"' % ENTERPRISE,
    '%s:department pr' % ENTERPRISE, '%s pr' % ENTERPRISE, '%s:manager.value eq "none"' % ENTERPRISE,
    '%s:userName sw "ned"' % USER, '%s:DEPARTMENT eq "engines"' % ENTERPRISE.upper(), 'department eq "Engines"',
    '%s:emails[type eq "work"]' % USER,
    # refused
    'userName', 'userName eq', 'eq "x"', 'userName eq ada', 'userName eq \'ada\'', 'userName is "ada"',
    'userName eq "ada', '(userName pr', 'userName pr)', 'userName pr and', 'and userName pr', 'userName pr userName pr',
    'not userName pr', 'emails[type eq "work"', 'emails[]', 'emails type eq "work"]', '', ' ', 'shoeSize eq 43',
    'shoeSize pr', 'name.shoeSize eq "x"', 'emails[shoeSize eq 43]', 'urn:example:unknown:shoeSize eq 43',
    'userName eq 7', 'userName eq true', 'active eq 1', 'userName pr "x"', 'userName eq "a" "b"', 'userName eq {}',
    'emails[type eq "work"].', 'userName..x pr',
]

PAGES = [
    {"count": "2", "sortBy": "userName"}, {"startIndex": "2", "count": "2", "sortBy": "userName"},
    {"startIndex": "4", "count": "2", "sortBy": "userName"}, {"startIndex": "5", "count": "2", "sortBy": "userName"},
    {"startIndex": "99"}, {"count": "0"}, {"count": "-1"}, {"startIndex": "0"}, {"startIndex": "-3", "count": "1", "sortBy": "userName"},
    {"count": "100000"}, {"count": "two"}, {"startIndex": "one"}, {"count": ""}, {"count": "1.5"},
    {"count": "99999999999999999999"}, {"startIndex": "99999999999999999999"},
    {"filter": "active eq true", "count": "1", "sortBy": "userName"}, {"filter": "active eq true", "count": "0"},
    {"filter": 'userName eq "nobody"', "startIndex": "3", "count": "5"},
]

SORTS = [
    {"sortBy": "userName"}, {"sortBy": "userName", "sortOrder": "descending"}, {"sortBy": "USERNAME", "sortOrder": "ascending"},
    {"sortBy": "userName", "sortOrder": "DESCENDING"}, {"sortBy": "userName", "sortOrder": "sideways"},
    {"sortBy": "name.familyName"}, {"sortBy": "name.familyName", "sortOrder": "descending"}, {"sortBy": "title"},
    {"sortBy": "title", "sortOrder": "descending"}, {"sortBy": "emails"}, {"sortBy": "emails.value"},
    {"sortBy": "emails.value", "sortOrder": "descending"}, {"sortBy": "externalId"}, {"sortBy": "meta.created"},
    {"sortBy": f"{ENTERPRISE}:employeeNumber"}, {"sortBy": f"{USER}:userName"}, {"sortBy": "active"}, {"sortBy": "name"},
    {"sortBy": "shoeSize"}, {"sortBy": "emails[type eq \"work\"].value"}, {"sortBy": ""}, {"sortOrder": "descending"},
    {"sortBy": "id"}, {"sortBy": "password"},
]

# Of these no two of the cast have the same: their order is the RFC's, and no server's own.
SORTING = {"userName", "USERNAME", f"{USER}:userName", "name.familyName", "title", "emails", "emails.value", "externalId"}

PROJECTIONS = [
    {"attributes": "userName"}, {"attributes": "emails.value,name.givenName"}, {"attributes": "emails[type eq \"work\"]"},
    {"excludedAttributes": "emails,name,meta"}, {"attributes": f"{ENTERPRISE}:department"}, {"attributes": "groups"},
    {"attributes": "userName", "excludedAttributes": "emails"},
]

SEARCHES = [
    {}, {"filter": 'userName eq "ada@example.com"'}, {"filter": 'emails[type eq "work"]', "attributes": ["userName"]},
    {"attributes": ["userName", "emails.value"], "sortBy": "userName", "sortOrder": "descending"},
    {"excludedAttributes": ["emails", "name", "meta"], "startIndex": 2, "count": 2, "sortBy": "userName"},
    {"count": 0}, {"filter": "userName eq"}, {"count": "two"}, {"startIndex": "2", "sortBy": "userName"}, {"attributes": "userName"},
    {"sortBy": "shoeSize"}, {"shoeSize": 43}, {"attributes": ["userName"], "excludedAttributes": ["emails"]},
]


def told(query: dict) -> str:
    return ", ".join(f"{key}={value}" for key, value in query.items()) or "all"


def search(**query) -> dict:
    return {"schemas": [SEARCH], **query}


REQUESTS = [
    Request("list no users", "GET", "/Users"),
    *[Request(f"create {name}", "POST", "/Users", body, keep=name) for name, body in CAST.items()],
    Request("list users", "GET", "/Users"),
    Request("list users under a trailing slash", "GET", "/Users/"),
    Request("list users with an unknown parameter", "GET", "/Users", query={"aadOptscim062020": ""}),
    *[Request(f"filter {text}", "GET", "/Users", query={"filter": text, "attributes": "userName"}) for text in FILTERS],
    *[Request(f"page {told(query)}", "GET", "/Users", query={**query, "attributes": "userName"}, ordered="sortBy" in query)
      for query in PAGES],
    *[Request(f"sort {told(query)}", "GET", "/Users", query={**query, "attributes": "userName"},
              ordered=query.get("sortBy") in SORTING) for query in SORTS],
    *[Request(f"list {told(query)}", "GET", "/Users", query=query) for query in PROJECTIONS],
    *[Request(f"search users: {told(query)}", "POST", "/Users/.search", search(**query), ordered="sortBy" in query)
      for query in SEARCHES],
    Request("search everything", "POST", "/.search", search()),
    Request("search everything by userName", "POST", "/.search", search(filter='userName sw "a"')),
    Request("search everything by displayName", "POST", "/.search", search(filter='displayName sw "a"')),
    Request("search everything by kind", "POST", "/.search", search(filter='meta.resourceType eq "User"', count=0)),
    Request("search groups", "POST", "/Groups/.search", search()),
    Request("search without schemas", "POST", "/Users/.search", {"filter": 'userName eq "ada@example.com"'}),
    Request("search with other schemas", "POST", "/Users/.search", {"schemas": [USER], "count": 1}),
    Request("search with GET", "GET", "/Users/.search"),
    Request("search in one user", "POST", "/Users/<ada>/.search", search()),
    Request("search everything with GET on the root", "GET", "/", query={"filter": 'userName sw "a"'}),
    Request("search by a body that is no JSON", "POST", "/Users/.search", b"{"),
    *[Request(f"delete {name}", "DELETE", f"/Users/<{name}>") for name in CAST],
]
