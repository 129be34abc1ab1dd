"""A nameserver with faults, in front of a good one.
usage: nameserver.py UPSTREAM_PORT PORT_FILE [ANSWERS [SECONDS]]
It asks the good one, on 127.0.0.1, and hands the answer on, except where a
label of the question, or the third number of an address, says otherwise:
  hole      201  no answer
  servfail  202  that answer
  upper     203  all letters of the names in capitals
  cut       204  the answer without its last bytes
  lie       205  an answer that says it has a thousand records
  noise     206  bytes of no meaning behind the question
  long      207  by UDP that it is too long; by TCP the answer, for the first
                 two addresses with bytes of no meaning and a few bytes
Its port is written to PORT_FILE.  After ANSWERS answers it falls silent, for
SECONDS or for ever.
"""
import os
import random
import socket
import sys
import threading
import time

FAULTS = {"201": "hole", "202": "servfail", "203": "upper", "204": "cut",
          "205": "lie", "206": "noise", "207": "long"}
BY_TCP = {"1": "noise", "2": "stump"}


def labels(question):
    at, out = 12, []
    while question[at]:
        out.append(question[at + 1:at + 1 + question[at]].decode("latin1"))
        at += 1 + question[at]
    if out[-1:] == ["arpa"]:
        out = [FAULTS.get(out[1], ""), "tcp-" + BY_TCP.get(out[0], "")]
    return out, at + 5


def upper(reply, end):
    out, at = bytearray(reply), end
    while at < len(out):
        # What looks like a letter and is none would be a length: none here is
        # above 63, and types, classes and times are small.
        if ord("a") <= out[at] <= ord("z"):
            out[at] -= 32
        at += 1
    return bytes(out)


def fault(names, question, reply, end):
    if "servfail" in names:
        return question[:2] + b"\x81\x82" + question[4:6] + bytes(6) + \
            question[12:end]
    if "long" in names:
        return reply[:2] + bytes([reply[2] | 2]) + reply[3:6] + bytes(6) + \
            reply[12:end]
    if "upper" in names:
        return upper(reply, end)
    if "cut" in names:
        return reply[:end + (len(reply) - end) // 2]
    if "stump" in names:
        return reply[:end + 5]
    if "lie" in names:
        return reply[:6] + b"\x03\xe8" + reply[8:]
    if "noise" in names:
        r = random.Random(1)
        return reply[:6] + b"\0\5\0\0\0\0" + question[12:end] + \
            bytes(r.randrange(256) for _ in range(300))
    return reply


def connection(upstream, client):
    back = connect(upstream)
    stream = client.makefile("rwb")
    while True:
        length = stream.read(2)
        if len(length) < 2:
            return
        question = stream.read(int.from_bytes(length, "big"))
        names, end = labels(question)
        back.send(question)
        reply = fault([n[4:] for n in names if n.startswith("tcp-")],
                      question, back.recv(65535), end)
        stream.write(len(reply).to_bytes(2, "big") + reply)
        stream.flush()


def listen(upstream, front):
    while True:
        client, _ = front.accept()
        threading.Thread(target=connection, args=(upstream, client),
                         daemon=True).start()


def connect(upstream):
    back = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    back.connect(("127.0.0.1", upstream))
    back.settimeout(2)
    return back


def bind():
    """One port for both."""
    while True:
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        try:
            udp.bind(tcp.getsockname())
            return udp, tcp
        except OSError:
            tcp.close()


def main(upstream, port_file, answers=-1, silence=None):
    back_at = None
    front, tcp = bind()
    threading.Thread(target=listen, args=(upstream, tcp), daemon=True).start()
    back = connect(upstream)
    with open(port_file + ".new", "w") as f:
        print(front.getsockname()[1], file=f)
    os.rename(port_file + ".new", port_file)
    while True:
        question, client = front.recvfrom(4096)
        names, end = labels(question)
        if answers == 0 and silence is not None:
            back_at = back_at or time.monotonic() + silence
            if time.monotonic() >= back_at:
                answers = -1
        if "hole" in names or answers == 0:
            continue
        back.send(question)
        reply = back.recv(4096)
        front.sendto(fault(names, question, reply, end), client)
        answers -= 1


main(int(sys.argv[1]), sys.argv[2], *(int(a) for a in sys.argv[3:]))
