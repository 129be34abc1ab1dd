"""A nameserver on a loopback port that serves one zone file of the root, and
does not answer for some names what the file does not have (dnspython)."""
import socket
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.zone


class Server:
    def __init__(self, path, holes):
        self.zone = dns.zone.from_file(str(path), origin=".",
                                       check_origin=False, relativize=False)
        self.holes = holes
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        while True:
            try:
                wire, peer = self.socket.recvfrom(65535)
                reply = self.reply(dns.message.from_wire(wire))
            except OSError:
                return
            if reply is not None:
                self.socket.sendto(reply.to_wire(max_size=65535), peer)

    def reply(self, query):
        question = query.question[0]
        name, kind = question.name, question.rdtype
        out = dns.message.make_response(query, recursion_available=True)
        for _ in range(10):
            node = self.zone.nodes.get(name)
            found = node and node.get_rdataset(1, kind)
            alias = node and node.get_rdataset(1, dns.rdatatype.CNAME)
            if found:
                out.answer.append(self.rrset(name, found))
                return out
            if not alias:
                break
            out.answer.append(self.rrset(name, alias))
            name = alias[0].target
        if name.to_text(omit_final_dot=True).lower() in self.holes:
            return None
        exists = any(n.is_subdomain(name) for n in self.zone.nodes)
        out.set_rcode(dns.rcode.NOERROR if exists else dns.rcode.NXDOMAIN)
        return out

    @staticmethod
    def rrset(name, rdataset):
        rrset = dns.rrset.RRset(name, rdataset.rdclass, rdataset.rdtype)
        rrset.update(rdataset)
        return rrset
