"""Write a database in MaxMind's format.
usage: mmdb.py FILE IP_VERSION EPOCH <LINES
A line is a network and its entry as JSON: 192.0.2.0/24 {"asn": "AS64500"}.
Where networks overlap, the later line wins.
"""
import ipaddress
import json
import sys

STRING, UINT16, UINT32, MAP, UINT64, ARRAY = 2, 5, 6, 7, 9, 11


def control(kind, size):
    first, extra = (0, bytes([kind - 7])) if kind > 7 else (kind, b"")
    if size < 29:
        return bytes([first << 5 | size]) + extra
    if size < 285:
        return bytes([first << 5 | 29]) + extra + bytes([size - 29])
    return bytes([first << 5 | 30]) + extra + (size - 285).to_bytes(2, "big")


def number(n, kind=UINT32):
    b = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return control(kind, len(b)) + b


def encode(v):
    if isinstance(v, bytes):
        return v  # encoded already
    if isinstance(v, str):
        b = v.encode("utf-8", "surrogateescape")
        return control(STRING, len(b)) + b
    if isinstance(v, int):
        return number(v)
    if isinstance(v, list):
        return control(ARRAY, len(v)) + b"".join(map(encode, v))
    return control(MAP, len(v)) + b"".join(
        encode(k) + encode(x) for k, x in v.items())


class Leaf:
    def __init__(self, offset):
        self.offset = offset


def insert(root, bits, leaf):
    node = root
    for bit in bits[:-1]:
        if not isinstance(node[bit], list):
            node[bit] = [node[bit], node[bit]]
        node = node[bit]
    node[bits[-1]] = leaf


def bits_of(network, version):
    n = ipaddress.ip_network(network)
    bits = [int(b) for b in
            bin(int(n.network_address))[2:].zfill(n.max_prefixlen)]
    bits = bits[:n.prefixlen]
    return [0] * 96 + bits if version == 6 and n.version == 4 else bits


def number_nodes(root):
    nodes = [root]
    for node in nodes:
        nodes += [child for child in node if isinstance(child, list)]
    return nodes


def tree(root):
    nodes = number_nodes(root)
    place = {id(node): i for i, node in enumerate(nodes)}

    def record(child):
        if child is None:
            return len(nodes)
        if isinstance(child, Leaf):
            return len(nodes) + 16 + child.offset
        return place[id(child)]

    return len(nodes), b"".join(
        record(child).to_bytes(3, "big") for node in nodes for child in node)


def main(path, version, epoch):
    root, data = [None, None], b""
    for line in sys.stdin:
        network, entry = line.split(" ", 1)
        insert(root, bits_of(network, version), Leaf(len(data)))
        data += encode(json.loads(entry))
    count, nodes = tree(root)
    about = encode({
        "node_count": count,
        "record_size": number(24, UINT16),
        "ip_version": number(version, UINT16),
        "database_type": "test",
        "languages": ["en"],
        "binary_format_major_version": number(2, UINT16),
        "binary_format_minor_version": number(0, UINT16),
        "build_epoch": number(epoch, UINT64),
        "description": {"en": "test"},
    })
    with open(path, "wb") as f:
        f.write(nodes + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + about)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
