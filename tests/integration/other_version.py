#!/usr/bin/env python3
"""The real server under another version: passes all bytes on, but for the
major version that the server names when a session begins.
usage: other_version.py SOCKET-OF-SERVER SOCKET-HERE MAJOR
"""
import re
import socket
import sys
import threading


def pass_on(source, target, change):
    while data := source.recv(65536):
        target.sendall(change(data))
    target.shutdown(socket.SHUT_WR)


def main():
    server, here, major = sys.argv[1:]
    named = re.compile(rb"(server_version\0)\d\d")

    def rename(data):
        return named.sub(rb"\g<1>" + major.encode(), data)

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(here)
    listener.listen()
    while True:
        client = listener.accept()[0]
        real = socket.socket(socket.AF_UNIX)
        real.connect(server)
        for args in ((client, real, bytes), (real, client, rename)):
            threading.Thread(target=pass_on, args=args, daemon=True).start()


main()
