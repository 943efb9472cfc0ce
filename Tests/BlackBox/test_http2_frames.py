"""HTTP/2 frame by frame, RFC 9113 and RFC 7541, section by section in the order of the RFC.

Each case gets a connection of its own. A connection error must be told by GOAWAY with the code that the RFC names, and
end the connection; a stream error by RST_STREAM, and end nothing else.
"""

import pytest

from h2kit import *
from kit import *


@pytest.fixture(scope="module")
def served():
    """One gateway for all cases: none of them may end it."""
    gateway = Gateway().start()
    yield gateway, gateway.token()
    alive = gateway.process.poll() is None
    log = gateway.log()
    gateway.remove()
    assert alive, f"expected the gateway to live through all cases, it ended:\n{log[-3000:]}"


@pytest.fixture
def fresh(served):
    """A connection on which nothing was said yet."""
    gateway, token = served
    with Connection(gateway.ports["commercial"], token) as connection:
        yield connection


@pytest.fixture
def c(fresh):
    """A connection that both sides have opened."""
    return fresh.greet()


# -- 3.4 HTTP/2 connection preface -------------------------------------------------------
def test_3_4_the_gateway_begins_with_settings(fresh):
    first = fresh.next()

    assert (first.kind, first.flags, first.stream) == (SETTINGS, 0, 0), f"expected SETTINGS first, got {first}"
    values = [struct.unpack("!HI", first.payload[i:i + 6]) for i in range(0, len(first.payload), 6)]
    assert (MAX_CONCURRENT_STREAMS, 100) in values, f"expected a limit of streams, got {values}"


def test_3_4_a_request_may_follow_the_preface_at_once(fresh):
    fresh.send(PREFACE, settings(), fresh.request(1))

    assert fresh.status(1) == 200


@pytest.mark.parametrize("said", [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\x00" + settings(),
                                  PREFACE + frame(PING, payload=b"12345678"), PREFACE + frame(SETTINGS, ACK)],
                         ids=["HTTP/1.1", "a wrong byte", "no SETTINGS", "an acknowledgement first"])
def test_3_4_any_other_beginning_ends_the_connection(fresh, said):
    fresh.send(said).is_ended("PROTOCOL_ERROR")


# -- 4.1 frame format, 4.2 frame size, 4.3 header compression ------------------------------
def test_4_1_a_frame_of_unknown_type_is_ignored(c):
    c.send(frame(0xbb, 0xff, 0, b"anything"), frame(0xbb, 0, 7)).goes_on()


def test_4_1_flags_without_meaning_are_ignored(c):
    c.send(frame(PING, 0xfe, 0, b"12345678"))

    back = c.until(lambda f: f.kind == PING, "an answer to PING")
    assert back.payload == b"12345678"


def test_4_1_the_reserved_bit_is_ignored(c):
    c.send(frame(PING, 0, 0x80000000, b"12345678"))

    assert c.until(lambda f: f.kind == PING, "an answer to PING").flags == ACK


def test_4_2_a_frame_of_the_largest_size_is_taken(c):
    c.send(c.post(1), frame(DATA, END_STREAM, 1, b" " * 16384))

    assert c.status(1) == 400


@pytest.mark.parametrize("kind", [DATA, HEADERS], ids=["DATA", "HEADERS"])
def test_4_2_a_larger_frame_ends_the_connection(c, kind):
    stream = 1 if kind == DATA else 3
    c.send(c.post(1), frame(kind, END_STREAM | END_HEADERS, stream, b" " * 16385)).is_ended("FRAME_SIZE_ERROR")


def test_4_3_a_block_that_cannot_be_decoded_ends_the_connection(c):
    c.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, b"\xff\xff\xff\xff\xff")).is_ended("COMPRESSION_ERROR")


@pytest.mark.parametrize("other", [priority(1), settings(), frame(PING, payload=b"12345678"), frame(DATA, 0, 1, b"x"), frame(0xbb)],
                         ids=["PRIORITY", "SETTINGS", "PING", "DATA", "unknown"])
def test_4_3_no_frame_comes_between_those_of_a_block(c, other):
    c.send(c.request(1, END_STREAM), other).is_ended("PROTOCOL_ERROR")


def test_4_3_no_block_of_another_stream_comes_between(c):
    c.send(c.request(1, END_STREAM), c.request(3)).is_ended("PROTOCOL_ERROR")


# -- 5.1 stream states -------------------------------------------------------------------
@pytest.mark.parametrize("said", [frame(DATA, END_STREAM, 1, b"x"), reset(1), window_update(1, 1),
                                  frame(CONTINUATION, END_HEADERS, 1)],
                         ids=["DATA", "RST_STREAM", "WINDOW_UPDATE", "CONTINUATION"])
def test_5_1_an_idle_stream_gets_no_frame_but_headers(c, said):
    c.send(said).is_ended("PROTOCOL_ERROR")


@pytest.mark.parametrize("kind, code", [("DATA", "STREAM_CLOSED"), ("HEADERS", "STREAM_CLOSED"), ("CONTINUATION", "PROTOCOL_ERROR")])
@pytest.mark.parametrize("state", ["half-closed", "closed by both ends", "closed by a reset"])
def test_5_1_a_stream_that_its_client_has_ended_gets_no_more_of_a_request(fresh, state, kind, code):
    fresh.greet(*([(INITIAL_WINDOW_SIZE, 0)] if state == "half-closed" else []))
    if state == "closed by a reset":
        fresh.send(fresh.post(1), reset(1))
    else:
        fresh.send(fresh.request(1))
        if state == "closed by both ends":
            assert fresh.status(1) == 200
    more = {"DATA": lambda: frame(DATA, END_STREAM, 1, b"x"), "HEADERS": lambda: fresh.request(1),
            "CONTINUATION": lambda: frame(CONTINUATION, END_HEADERS, 1, fresh.block([("x-a", "b")]))}

    fresh.send(more[kind]()).is_ended(code)


def test_5_1_a_closed_stream_may_get_what_was_on_its_way(c):
    c.send(c.request(1))
    assert c.status(1) == 200

    c.send(window_update(1, 10), priority(1, 3), reset(1)).goes_on()


def test_5_1_a_half_closed_stream_may_get_priorities_windows_and_a_reset(fresh):
    fresh.greet((INITIAL_WINDOW_SIZE, 0))
    fresh.send(fresh.request(1), fresh.request(3), priority(1, 5), window_update(1, 1))
    assert len(fresh.until(lambda f: f.kind == DATA, "DATA").payload) == 1

    fresh.send(reset(1), window_update(3, 1))

    assert fresh.until(lambda f: f.kind == DATA, "DATA of the other stream").stream == 3


def test_5_1_frames_for_a_stream_that_the_gateway_reset_are_ignored(c):
    c.send(c.post(1, [("content-length", "1")]), frame(DATA, 0, 1, b"xx")).is_reset(1, "PROTOCOL_ERROR")

    c.send(frame(DATA, 0, 1, b"more"), c.headers(1, [("x-trailer", "a")]), window_update(1, 1)).goes_on()


def test_5_1_1_a_stream_of_even_number_is_not_the_client_s(c):
    c.send(c.request(2)).is_ended("PROTOCOL_ERROR")


def test_5_1_1_a_stream_below_the_last_cannot_be_opened(c):
    c.send(c.request(5))
    assert c.status(5) == 200

    c.send(c.request(3)).is_ended("PROTOCOL_ERROR")


def test_5_1_2_one_stream_more_than_announced_ends_the_connection(fresh):
    fresh.greet((INITIAL_WINDOW_SIZE, 0))

    fresh.send(*(fresh.request(1 + 2 * i) for i in range(100))).goes_on()
    fresh.send(fresh.request(201)).is_ended("PROTOCOL_ERROR")


def test_5_1_2_streams_beyond_the_limit_may_come_before_it_is_known(fresh):
    fresh.send(PREFACE, settings((INITIAL_WINDOW_SIZE, 0)), *(fresh.request(1 + 2 * i) for i in range(101)))

    fresh.is_reset(201, "REFUSED_STREAM")


# -- 5.3.1 priorities, as RFC 7540 had them ----------------------------------------------
def test_5_3_1_a_request_cannot_depend_on_itself(c):
    fields = number(1) + b"\x0f" + c.block(c.fields())
    c.send(frame(HEADERS, END_STREAM | END_HEADERS | WITH_PRIORITY, 1, fields)).is_ended("PROTOCOL_ERROR")


def test_5_3_1_a_stream_cannot_depend_on_itself(c):
    c.send(priority(1, 1)).is_ended("PROTOCOL_ERROR")


@pytest.mark.parametrize("stream", [1, 3, 2], ids=["open", "idle", "idle, even"])
def test_5_3_priorities_are_taken_and_ignored(c, stream):
    c.send(c.post(1), priority(stream, 5), priority(stream, 0x80000000 | 7), frame(DATA, END_STREAM, 1, b"{}"))

    assert c.status(1) == 400


# -- 5.4 errors, 5.5 extensions -----------------------------------------------------------
def test_5_4_1_a_goaway_tells_the_last_stream_that_was_looked_at(c):
    c.send(c.request(1), c.request(3))
    assert [c.status(1), c.status(3)] == [200, 200]

    assert c.send(frame(PING, 0, 1, b"12345678")).is_ended("PROTOCOL_ERROR").last == 3


def test_5_4_2_an_error_of_one_stream_leaves_the_others_alone(c):
    c.send(c.post(1), c.request(3, more=[("connection", "x")]), frame(DATA, END_STREAM, 1, b"{}"))

    assert c.status(1) == 400
    assert [f.code for f in c.frames if f.kind == RST_STREAM and f.stream == 3] == ["PROTOCOL_ERROR"]
    c.goes_on()


# -- 6.1 DATA ----------------------------------------------------------------------------
def test_6_1_data_has_a_stream(c):
    c.send(frame(DATA, 0, 0, b"x")).is_ended("PROTOCOL_ERROR")


def test_6_1_padding_is_shorter_than_its_frame(c):
    c.send(c.post(1), frame(DATA, END_STREAM | PADDED, 1, b"\x06hello")).is_ended("PROTOCOL_ERROR")


def test_6_1_padding_is_taken_off(c):
    c.send(c.post(1, [("content-length", "2")]), frame(DATA, END_STREAM | PADDED, 1, b"\x04{}\0\0\0\0"))

    assert c.status(1) == 400


# -- 6.2 HEADERS ----------------------------------------------------------------------------
def test_6_2_headers_have_a_stream(c):
    c.send(c.request(0)).is_ended("PROTOCOL_ERROR")


def test_6_2_padding_is_shorter_than_its_frame(c):
    block = c.block(c.fields())
    c.send(frame(HEADERS, END_STREAM | END_HEADERS | PADDED, 1, bytes([len(block) + 1]) + block)).is_ended("PROTOCOL_ERROR")


def test_6_2_padding_and_priority_are_taken_off(c):
    payload = b"\x03" + number(0) + b"\x0f" + c.block(c.fields()) + b"\0\0\0"
    c.send(frame(HEADERS, END_STREAM | END_HEADERS | PADDED | WITH_PRIORITY, 1, payload))

    assert c.status(1) == 200


# -- 6.3 PRIORITY, 6.4 RST_STREAM -------------------------------------------------------------
@pytest.mark.parametrize("said, code", [(priority(0), "PROTOCOL_ERROR"), (frame(PRIORITY, 0, 1, b"1234"), "FRAME_SIZE_ERROR")],
                         ids=["no stream", "4 bytes"])
def test_6_3_a_priority_frame_is_well_formed(c, said, code):
    c.send(said).is_ended(code)


@pytest.mark.parametrize("said, code", [(reset(0), "PROTOCOL_ERROR"), (reset(3), "PROTOCOL_ERROR"),
                                        (frame(RST_STREAM, 0, 1, b"123"), "FRAME_SIZE_ERROR")],
                         ids=["no stream", "idle stream", "3 bytes"])
def test_6_4_a_reset_is_well_formed(c, said, code):
    c.send(c.post(1), said).is_ended(code)


@pytest.mark.parametrize("said", [number(0) + b"\0", number(0) + b"\xff", number(5) + b"\x0f", number(0x80000005) + b"\0"],
                         ids=["weight 1", "weight 256", "on another stream", "on it alone"])
@pytest.mark.parametrize("stream", [1, 3], ids=["its stream", "a later stream"])
def test_6_3_a_request_may_come_behind_priorities(c, stream, said):
    c.send(frame(PRIORITY, 0, stream, said), c.request(1))

    assert c.status(1) == 200


# -- 6.5 SETTINGS --------------------------------------------------------------------------------
@pytest.mark.parametrize("said, code", [
    (frame(SETTINGS, ACK, 0, b"\0\0\0\0\0\0"), "FRAME_SIZE_ERROR"), (frame(SETTINGS, 0, 1), "PROTOCOL_ERROR"),
    (frame(SETTINGS, 0, 0, b"\0\3\0"), "FRAME_SIZE_ERROR"), (frame(SETTINGS, ACK), "PROTOCOL_ERROR")],
    ids=["acknowledgement with content", "a stream", "3 bytes", "acknowledgement of nothing"])
def test_6_5_settings_are_well_formed(c, said, code):
    c.send(said).is_ended(code)


@pytest.mark.parametrize("entry, code", [
    ((ENABLE_PUSH, 2), "PROTOCOL_ERROR"), ((INITIAL_WINDOW_SIZE, 0x80000000), "FLOW_CONTROL_ERROR"),
    ((MAX_FRAME_SIZE, 16383), "PROTOCOL_ERROR"), ((MAX_FRAME_SIZE, 16777216), "PROTOCOL_ERROR")])
def test_6_5_2_a_setting_out_of_range_ends_the_connection(c, entry, code):
    c.send(settings(entry)).is_ended(code)


@pytest.mark.parametrize("entry", [(ENABLE_PUSH, 0), (INITIAL_WINDOW_SIZE, 0x7fffffff), (MAX_FRAME_SIZE, 16384),
                                   (MAX_FRAME_SIZE, 16777215), (MAX_CONCURRENT_STREAMS, 0), (0xff, 1)])
def test_6_5_2_a_setting_in_range_or_unknown_is_acknowledged(c, entry):
    c.send(settings(entry))

    c.until(lambda f: f.kind == SETTINGS and f.flags & ACK, "an acknowledgement")
    c.goes_on()


def test_6_5_3_of_two_values_the_last_counts(fresh):
    fresh.greet((INITIAL_WINDOW_SIZE, 100), (INITIAL_WINDOW_SIZE, 1))

    fresh.send(fresh.request(1))
    first = fresh.until(lambda f: f.kind == DATA, "DATA")
    assert len(first.payload) == 1


# -- 6.6 PUSH_PROMISE, 6.7 PING, 6.8 GOAWAY ---------------------------------------------------------
def test_6_6_a_client_cannot_push(c):
    c.send(c.post(1), frame(PUSH_PROMISE, END_HEADERS, 1, number(2) + c.block(c.fields()))).is_ended("PROTOCOL_ERROR")


def test_6_7_an_acknowledged_ping_is_not_answered(c):
    c.send(frame(PING, ACK, 0, b"unasked.")).goes_on()

    assert not [f for f in c.frames if f.kind == PING and f.payload == b"unasked."]


@pytest.mark.parametrize("said, code", [(frame(PING, 0, 1, b"12345678"), "PROTOCOL_ERROR"),
                                        (frame(PING, 0, 0, b"123456"), "FRAME_SIZE_ERROR")], ids=["a stream", "6 bytes"])
def test_6_7_a_ping_is_well_formed(c, said, code):
    c.send(said).is_ended(code)


def test_6_8_a_goaway_has_no_stream(c):
    c.send(frame(GOAWAY, 0, 1, number(0) + number(0))).is_ended("PROTOCOL_ERROR")


def test_6_8_a_client_that_leaves_gets_its_answers(c):
    c.send(c.post(1), frame(GOAWAY, 0, 0, number(0) + number(0)), frame(DATA, END_STREAM, 1, b"{}"))

    assert c.status(1) == 400
    assert c.next() is None and c.closed, "expected the connection to end with the answer"


@pytest.mark.parametrize("kind", [0x10, 0x0a], ids=["PRIORITY_UPDATE", "ALTSVC"])
def test_6_8_malformed_frames_behind_a_goaway_do_no_harm(served, c, kind):
    c.send(frame(GOAWAY, 0, 0, number(0) + number(1)), frame(kind, 0xff, 0, b"\xff\xff"), frame(kind, 0, 0, b""))
    while c.next():
        pass

    assert served[0].client(served[1]).status() == 200


# -- 6.9 WINDOW_UPDATE ---------------------------------------------------------------------------------
@pytest.mark.parametrize("said, code", [
    (window_update(0, 0), "PROTOCOL_ERROR"), (window_update(1, 0), "PROTOCOL_ERROR"),
    (frame(WINDOW_UPDATE, 0, 0, b"\0\0\1"), "FRAME_SIZE_ERROR"), (window_update(0, 0x7fffffff), "FLOW_CONTROL_ERROR")],
    ids=["nothing", "nothing on a stream", "3 bytes", "beyond 31 bits"])
def test_6_9_a_window_update_is_well_formed(c, said, code):
    c.send(c.post(1), said).is_ended(code)


def test_6_9_1_a_stream_s_window_beyond_31_bits_resets_the_stream(c):
    c.send(c.post(1), window_update(1, 0x7fffffff)).is_reset(1, "FLOW_CONTROL_ERROR")


def test_6_9_1_an_answer_keeps_within_the_window(fresh):
    fresh.greet((INITIAL_WINDOW_SIZE, 1))
    fresh.send(fresh.request(1))
    assert len(fresh.until(lambda f: f.kind == DATA, "DATA").payload) == 1
    fresh.goes_on()

    fresh.send(window_update(1, 3))
    assert len(fresh.until(lambda f: f.kind == DATA, "DATA").payload) == 3


@pytest.mark.parametrize("excess", [0, 1])
def test_6_9_1_a_client_keeps_within_the_window(c, excess):
    c.token = "sgw_wrong"                           # a body that nobody reads, so that no window is moved
    c.send(c.post(1), *[frame(DATA, 0, 1, b" " * 16384)] * 3, frame(DATA, 0, 1, b" " * (16383 + excess)))

    c.is_reset(1, "FLOW_CONTROL_ERROR") if excess else c.goes_on()


def test_6_9_2_the_initial_window_can_change_and_become_negative(fresh):
    fresh.greet((INITIAL_WINDOW_SIZE, 3))
    fresh.send(fresh.request(1))
    assert len(fresh.until(lambda f: f.kind == DATA, "DATA").payload) == 3

    fresh.send(settings((INITIAL_WINDOW_SIZE, 2)), window_update(1, 1)).goes_on()
    assert not [f for f in fresh.frames if f.kind == DATA][1:], "expected no byte while the window is not above 0"
    fresh.send(settings((INITIAL_WINDOW_SIZE, 5)))
    assert len(fresh.until(lambda f: f.kind == DATA, "DATA").payload) == 3


# -- 6.10 CONTINUATION -----------------------------------------------------------------------------------
def test_6_10_a_block_may_have_four_continuations(c):
    c.send(c.request(1, END_STREAM), *(frame(CONTINUATION, END_HEADERS if i == 3 else 0, 1, c.block([(f"x-{i}", "a")]))
                                       for i in range(4)))

    assert c.status(1) == 200


def test_6_10_and_not_five(c):
    c.send(c.request(1, END_STREAM), *[frame(CONTINUATION, 0, 1)] * 5).is_ended("ENHANCE_YOUR_CALM")


@pytest.mark.parametrize("before, stream", [("nothing", 1), ("HEADERS that end the block", 1), ("CONTINUATION that ends it", 1),
                                            ("DATA", 1), ("HEADERS", 0), ("HEADERS", 3)])
def test_6_10_a_continuation_continues_a_block_of_its_stream(c, before, stream):
    begun = {"nothing": lambda: b"", "HEADERS that end the block": lambda: c.post(1), "HEADERS": lambda: c.post(1, flags=0),
             "CONTINUATION that ends it": lambda: c.post(1, flags=0) + frame(CONTINUATION, END_HEADERS, 1),
             "DATA": lambda: c.post(1) + frame(DATA, 0, 1, b"x")}[before]()

    c.send(begun, frame(CONTINUATION, END_HEADERS, stream, c.block([("x-a", "b")]))).is_ended("PROTOCOL_ERROR")


def test_6_10_nothing_else_comes_behind_one_that_does_not_end_the_block(c):
    c.send(c.post(1, flags=0), frame(CONTINUATION, 0, 1, c.block([("x-a", "b")])), frame(DATA, END_STREAM, 1, b"{}"))

    c.is_ended("PROTOCOL_ERROR")


# -- 7 error codes ------------------------------------------------------------------------------------------
def test_7_an_unknown_code_is_no_error(c):
    c.send(c.post(1), reset(1, 0xff)).goes_on()

    c.send(frame(GOAWAY, 0, 0, number(0) + number(0xff)))
    while found := c.next():
        assert found.kind != GOAWAY or found.code == "NO_ERROR", f"expected a clean end, got {found}"
    assert c.closed


# -- 8.1 messages ---------------------------------------------------------------------------------------------
def test_8_1_a_trailer_section_ends_a_request(c):
    c.send(c.post(1), frame(DATA, 0, 1, b"{}"), c.headers(1, [("x-trailer", "a")]))

    assert c.status(1) == 400


def test_8_1_a_trailer_section_that_does_not_end_its_request_resets_the_stream(c):
    c.send(c.post(1), frame(DATA, 0, 1, b"{}"), c.headers(1, [("x-trailer", "a")], END_HEADERS))

    c.is_reset(1, "PROTOCOL_ERROR")


def test_8_1_a_second_head_is_no_trailer_section(c):
    c.send(c.post(1), c.post(1))

    c.is_reset(1, "PROTOCOL_ERROR")


@pytest.mark.parametrize("field", [(":path", "/x"), (":method", "POST"), (":status", "200"), ("X-Upper", "a"), ("connection", "close")])
def test_8_1_a_trailer_section_has_the_rules_of_fields_and_no_pseudo_field(c, field):
    block = literal(*(text.encode() for text in field))      # hpack's encoder would put the name into lower case
    c.send(c.post(1), frame(DATA, 0, 1, b"{}"), frame(HEADERS, END_STREAM | END_HEADERS, 1, block))

    c.is_reset(1, "PROTOCOL_ERROR")


@pytest.mark.parametrize("parts, answers", [((1, 1), True), ((1, 2), False), ((1,), False)])
def test_8_1_1_all_data_together_is_as_long_as_announced(c, parts, answers):
    data = [frame(DATA, END_STREAM if i == len(parts) - 1 else 0, 1, b"{}"[:1] * count) for i, count in enumerate(parts)]
    c.send(c.post(1, [("content-length", "2")]), *data)

    assert c.status(1) == 400 if answers else c.is_reset(1, "PROTOCOL_ERROR") is None


# -- RFC 7541 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("block", [
    b"\xff\xff\x03", b"\x7f\xff\x03\x01a", b"\x80", b"\x00\x81\xff\x01a", b"\x00\x82\x1f\xff\x01a",
    b"\x00\x85\xff\xff\xff\xff\xff\x01a", b"\x3f\xe2\x1f", b"\x82\x20"],
    ids=["2.3.3 index beyond the table", "2.3.3 name beyond the table", "6.1 index 0", "5.2 padding of eight bits",
         "5.2 padding of zeros", "5.2 end of string", "6.3 table larger than announced", "4.2 table size behind a field"])
def test_hpack_what_cannot_be_decoded_ends_the_connection(c, block):
    c.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, block)).is_ended("COMPRESSION_ERROR")


def test_hpack_a_table_may_be_made_smaller_and_larger(c):
    c.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, b"\x20\x3f\xe1\x1f" + hpack.Encoder().encode(c.fields())))

    assert c.status(1) == 200


def test_hpack_fields_come_back_from_the_table(c):
    c.send(*(c.request(1 + 2 * i, more=[("x-repeated", "a" * 40)]) for i in range(5)))

    assert [c.status(1 + 2 * i) for i in range(5)] == [200] * 5


# "x-test: a" and, by an index of the static table (58), "user-agent: a"; texts as they are and by Huffman's code.
@pytest.mark.parametrize("field", [
    prefix + name + value for prefixes, name in (
        ((b"\x40", b"\x00", b"\x10"), b"\x06x-test"), ((b"\x40", b"\x00", b"\x10"), b"\x85\xf2\xb2\x4a\x84\xff"),
        ((b"\x7a", b"\x0f\x2b", b"\x1f\x2b"), b""))
    for prefix in prefixes for value in (b"\x01a", b"\x81\x1f")], ids=lambda field: field.hex())
def test_hpack_each_way_to_write_a_field_is_read(c, field):
    # Without hpack's encoder, which would not know what the field has done to the table.
    request = b"".join(literal(name.encode(), value.encode()) for name, value in c.fields())
    c.send(*(frame(HEADERS, END_STREAM | END_HEADERS, stream, request + field) for stream in (1, 3)))

    assert [c.status(1), c.status(3)] == [200, 200]


def test_hpack_an_entry_of_the_static_table_is_a_whole_field(c):
    c.send(frame(HEADERS, END_STREAM | END_HEADERS, 1, c.block(c.fields()) + b"\xba"))

    assert c.status(1) == 200
