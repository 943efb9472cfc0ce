"""A tenant's flood is its own: it waits, then gets 429; its neighbour is answered."""

import json
import threading

from concurrent.futures import ThreadPoolExecutor

from kit import eventually, expect, learner, tenant

# A ceiling that a test reaches at once, and that its neighbour does not.
SLOW = "limits: {requests_per_second: 25, burst: 1, queue_time: 1s}\n"
TENANTS = {"flooding": tenant("flooding", extra=SLOW), "quiet": tenant("quiet")}


def turns(gateway) -> dict:
    return json.loads(gateway.done("status", "-o", "json").stdout)["turns"]


def flood(gateway, token, requests: int, threads: int = 60) -> list:
    """Answers to requests that are all there at the same time, as far as the threads go."""
    def one(_):
        with gateway.client(token).http as http:
            return http.get("/Users?count=0")
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(requests)))


def test_a_flood_gets_429_after_waiting_and_the_neighbour_200(make_gateway):
    gateway = make_gateway(tenants=TENANTS).start()
    flooding, quiet = gateway.token("flooding/staff"), gateway.client(gateway.token("quiet/staff"))
    answers, ended = [], threading.Event()

    def pour():
        answers.extend(flood(gateway, flooding, 120))
        ended.set()

    pouring = threading.Thread(target=pour)
    pouring.start()
    neighbours = []
    while not ended.is_set():
        neighbours.append(quiet.get("/Users?count=0").status_code)
    pouring.join()

    assert set(neighbours) == {200}
    refused = [answer for answer in answers if answer.status_code == 429]
    assert {answer.status_code for answer in answers} == {200, 429}, "expected some to be served and some refused"
    for answer in refused:
        assert 1 <= int(answer.headers["Retry-After"]) <= 30
        assert answer.headers["Content-Type"] == "application/scim+json"
        assert answer.json()["status"] == "429" and "ceiling" in answer.json()["detail"]
        # It waited for its queue_time before it was refused.
        assert answer.elapsed.total_seconds() >= 1.0
    counted = turns(gateway)
    assert counted["refused"] == len(refused)
    assert (counted["waiting"], counted["inWork"], counted["bodyBytes"]) == (0, 0, 0)


def test_a_tenant_is_served_again_after_its_flood(make_gateway):
    gateway = make_gateway(tenants=TENANTS).start()
    flooding = gateway.token("flooding/staff")
    flood(gateway, flooding, 60)

    eventually(lambda: gateway.client(flooding).status() == 200, "an answer within the ceiling")


def test_a_client_that_goes_leaves_the_line(make_gateway):
    slowest = "limits: {requests_per_second: 25, burst: 1, queue_time: 30s}\n"
    gateway = make_gateway(tenants={"flooding": tenant("flooding", extra=slowest)}).start()
    token = gateway.token("flooding/staff")
    clients = [gateway.client(token).http for _ in range(20)]

    def go(http):
        try:
            http.get("/Users?count=0", timeout=0.2)
        except Exception:   # whatever a client says that gives up
            http.close()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(go, clients))

    eventually(lambda: turns(gateway)["waiting"] == 0, "an empty line")


def test_bodies_that_drip_keep_their_room_and_take_nothing_from_others(make_gateway):
    gateway = make_gateway(tenants=TENANTS).start()
    token, quiet = gateway.token("flooding/staff"), gateway.client(gateway.token("quiet/staff"))

    def drip():
        yield b'{"schemas":'
        quiet.create(learner())
        assert turns(gateway)["bodyBytes"] > 0
        yield b'[]}'

    answer = gateway.client(token).http.post("/Users", content=drip(),
                                             headers={"Content-Type": "application/scim+json"})

    assert answer.status_code == 400
    assert turns(gateway)["bodyBytes"] == 0


def test_operations_of_a_bulk_wait_for_the_ceiling_one_by_one(make_gateway):
    gateway = make_gateway(tenants={"flooding": tenant("flooding", extra=SLOW)}).start()
    client = gateway.client(gateway.token("flooding/staff"))
    bulk = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
            "Operations": [{"method": "POST", "path": "/Users", "bulkId": str(n), "data": learner()}
                           for n in range(10)]}

    done = expect(client.request("POST", "/Bulk", bulk), 200)

    assert [operation["status"] for operation in done["Operations"]] == ["201"] * 10
    assert turns(gateway)["inWork"] == 0
