"""Days of the year 2025-11-01 .. 2026-10-31 (UTC), and chance that is the same
on every machine: integers and +, -, *, / of floats, nothing of libm."""
import datetime
import random
import zlib
from bisect import bisect

FIRST = datetime.date(2025, 11, 1)
DAYS = 365
START = 1761955200                     # FIRST, 00:00 UTC
DAY = 86400


def day(text):
    """the number of a date: 0 is 2025-11-01"""
    return (datetime.date.fromisoformat(text) - FIRST).days


def date(n):
    return (FIRST + datetime.timedelta(n)).isoformat()


def weekday(n):                        # 0 is Monday
    return (n + 5) % 7


def month_day(n):
    return (FIRST + datetime.timedelta(n)).day


JAPAN = frozenset(day(d) for d in (
    '2025-11-03 2025-11-24 2025-12-29 2025-12-30 2025-12-31 2026-01-01 '
    '2026-01-02 2026-01-12 2026-02-11 2026-02-23 2026-03-20 2026-04-29 '
    '2026-05-04 2026-05-05 2026-05-06 2026-07-20 2026-08-11 2026-08-13 '
    '2026-08-14 2026-09-21 2026-09-22 2026-09-23 2026-10-12').split())
ELSEWHERE = frozenset(day(d) for d in (
    '2025-12-24 2025-12-25 2025-12-26 2025-12-31 2026-01-01 2026-04-03 '
    '2026-04-06 2026-05-01 2026-05-14 2026-05-25 2026-10-03').split())


def office(n, holidays, idle=0.12):
    """how busy people are: weekdays, week-ends, holidays"""
    if n in holidays or weekday(n) == 6:
        return idle
    return (0.95, 1.05, 1.08, 1.02, 0.9, 2 * idle)[weekday(n)]


class Chance(random.Random):
    """random() is all that is used: it is the same in every Python 3"""

    def __init__(self, name):
        super().__init__(zlib.crc32(name.encode()))

    def below(self, n):
        return int(self.random() * n)

    def one_of(self, things):
        return things[int(self.random() * len(things))]

    def whole(self, x):
        """x as an integer: 2.3 is 2, or 3 in three of ten cases"""
        n = int(x)
        return n + (self.random() < x - n)

    def noisy(self, x, much=0.3):
        return self.whole(x * (1 - much + 2 * much * self.random()))

    def split(self, n, weights):
        """n things into so many heaps: [(index, how many)], none empty"""
        if len(weights) == 1:
            return [(0, n)]
        total = sum(weights)
        if n > 12 * len(weights):
            heaps = [self.noisy(n * w / total, 0.1) for w in weights]
            top = max(range(len(weights)), key=lambda i: weights[i])
            heaps[top] += n - sum(heaps)
            if heaps[top] >= 0:
                return [(i, k) for i, k in enumerate(heaps) if k > 0]
        up, ends = 0.0, []
        for w in weights:
            up += w
            ends.append(up)
        heaps = {}
        for _ in range(n):
            i = min(bisect(ends, self.random() * up), len(weights) - 1)
            heaps[i] = heaps.get(i, 0) + 1
        return sorted(heaps.items())


def tail(n, first=0.6):
    """weights of a heavy tail: a few do most, most do little"""
    return [1 / (i + first) for i in range(n)]


def two_of(n):
    """two addresses of n that are in use on a day"""
    return lambda d: (d // 3 % n, (d // 3 + 1) % n)
