#!/usr/bin/env python3
"""Print an OAuth 2.0 token (a JWT signed with HS256) for the private Dovecot.

usage: jwt.py USER SECONDS

It is valid for that many seconds from now; a negative number makes one that
has expired.  The key is in the file $IMAP_JWT_KEY.
"""
import base64
import hashlib
import hmac
import json
import os
import sys
import time


def part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    user, seconds = sys.argv[1], int(sys.argv[2])
    with open(os.environ["IMAP_JWT_KEY"], "rb") as f:
        key = base64.b64decode(f.read())
    now = int(time.time())
    begin = now + min(seconds, 0) - 60
    claims = {"sub": user, "iat": begin, "nbf": begin, "exp": now + seconds}
    signed = part(b'{"typ":"JWT","alg":"HS256"}') + b"."
    signed += part(json.dumps(claims).encode())
    mac = hmac.new(key, signed, hashlib.sha256).digest()
    print((signed + b"." + part(mac)).decode())


main()
