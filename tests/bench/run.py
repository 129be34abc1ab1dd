#!/usr/bin/env python3
"""Speed and memory.

usage: DOVECOT=1 scripts/with-services.sh tests/bench/run.py BUILD [STAGE...]

All goals of time are ratios inside the run, each of things that were done one
after the other, and the median of several such: how fast a machine is may
change from one minute to the next.  Prints a table and writes
build/bench.tsv, a line for each goal: name, value, goal, unit, with tabs
between; it is met when value <= goal.  A stage that is run alone replaces its
own lines and leaves the others.
"""
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
from statistics import median

import measure

TOP = pathlib.Path(__file__).resolve().parents[2]
OUT = TOP / "build"
WORK = pathlib.Path(os.environ["SCRATCH"]) / "bench"
MAILS = WORK / "mails"
ARCHIVES = WORK / "archives"
# What a run writes itself; the rest is made by triggers, also for \copy.
TABLES = ("policy_domain", "auth_profile", "report", "record", "ingest_log")
RUNS = 9
STEADY_TIMES = 50

build = pathlib.Path(sys.argv[1])
lines = []  # of the stage at hand


def goal(name, value, at_most, unit):
    lines.append(f"{name}\t{value:.3g}\t{at_most}\t{unit}\n")


def note(text):
    print("  " + text, flush=True)


def of(runs, field):
    return median(getattr(taken, field) for taken in runs)


def ratio(field, above, below):
    """The median of what each round says."""
    return median(getattr(a, field) / getattr(b, field)
                  for a, b in zip(above, below))


# ---- databases ---------------------------------------------------------------

def psql(*commands):
    args = [word for c in commands for word in ("-c", c)]
    return subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *args],
                          check=True, capture_output=True,
                          text=True).stdout.strip()


def database(name, template=None):
    """A database of that name, made anew: the one from here on."""
    drop(name)
    subprocess.run(["createdb", name] + (
        ["--template", template, "--strategy", "file_copy"] if template
        else []), check=True)
    os.environ["PGDATABASE"] = name
    if template is None:
        subprocess.run([build / "dmarc-ingest", "-q", "--init"], check=True)


def drop(name):
    subprocess.run(["dropdb", "--force", "--if-exists", name], check=True,
                   stderr=subprocess.DEVNULL)


def ingest(*what, **how):
    return measure.run(build / "dmarc-ingest", "-q", *what, **how)


def dump(folder):
    """Write the finished rows of the database at hand to files."""
    folder.mkdir()
    for table in TABLES:
        psql(f"\\copy (SELECT * FROM dmarc.{table}) TO '{folder}/{table}'")
    return psql("SELECT DISTINCT ON (date_trunc('month', day)) day"
                " FROM dmarc.record").split()


def copy(folder, months):
    """Take the same rows into a fresh database, as they are."""
    database("bench")
    for day in months:
        psql(f"SELECT dmarc.make_partition('{day}')")
    args = [word for table in TABLES for word in
            ("-c", f"\\copy dmarc.{table} FROM '{folder}/{table}'")]
    # As dmarc-ingest has it: to compile a plan takes longer than to run it.
    return measure.run("psql", "-XAtq", "-c", "SET jit = off", *args)


# ---- the stages --------------------------------------------------------------

def data(kind, *args):
    subprocess.run([TOP / "tests/bench/data.py", kind,
                    *[str(a) for a in args]], check=True)


def need_mails():
    if not MAILS.exists():
        data("mails", MAILS, ARCHIVES, 20000)


def small():
    """20,000 mails of a Maildir into a fresh schema, and all of them again."""
    need_mails()
    first, again, decode, sax, copied = [], [], [], [], []
    rows = WORK / "rows"
    for i in range(RUNS):
        database("bench")
        first.append(ingest(MAILS))
        again.append(ingest(MAILS))
        decode.append(measure.run(build / "bench-decode", MAILS / "new"))
        sax.append(measure.run(build / "bench-sax", ARCHIVES))
        if i == 0:
            months = dump(rows)
            records = int(psql("SELECT count(*) FROM dmarc.record"))
            size = int(psql("SELECT sum(pg_total_relation_size(relid))"
                            " FROM pg_partition_tree('dmarc.record')"))
        copied.append(copy(rows, months))
    shutil.rmtree(rows)
    cores = os.cpu_count()
    floors = [(d.client + c.cpu) / cores for d, c in zip(decode, copied)]
    note(f"{records} records of 20,000 mails; medians of {RUNS};"
         f" {cores} cores")
    note(f"first {of(first, 'wall'):.2f} s, again {of(again, 'wall'):.2f} s")
    note(f"CPU seconds: first {of(first, 'client'):.2f} and the server's"
         f" {of(first, 'server'):.2f}; decode alone"
         f" {of(decode, 'client'):.2f}; SAX alone {of(sax, 'client'):.2f};"
         f" \\copy {of(copied, 'client'):.2f} and the server's"
         f" {of(copied, 'server'):.2f}")
    goal("small: wall / floor",
         median(f.wall / floor for f, floor in zip(first, floors)), 1.4,
         "ratio")
    goal("decode: CPU / SAX alone", ratio("client", decode, sax), 1.5, "ratio")
    goal("again: wall / the first time", ratio("wall", again, first), 0.5,
         "ratio")
    goal("store: a record and its index", size / records, 90, "bytes")


def giant():
    """One report of a million records."""
    giant_file, rows = WORK / "giant.xml.gz", WORK / "rows"
    data("giant", giant_file, 1000000)
    taken, sax, copied = [], [], []
    for i in range(RUNS):
        database("bench")
        taken.append(ingest(giant_file))
        sax.append(measure.run(build / "bench-sax", giant_file))
        if i == 0:
            months = dump(rows)
        copied.append(copy(rows, months))
    shutil.rmtree(rows)
    giant_file.unlink()
    note(f"wall {of(taken, 'wall'):.2f} s; SAX alone {of(sax, 'wall'):.2f} s;"
         f" \\copy {of(copied, 'wall'):.2f} s; medians of {RUNS}")
    goal("giant: wall / larger of SAX and \\copy",
         median(t.wall / max(s.wall, c.wall)
                for t, s, c in zip(taken, sax, copied)), 1.3, "ratio")
    goal("giant: largest process at its peak", of(taken, "peak"), 64, "MiB")


def history(name, domains):
    """A database that holds 50,000 records of each domain."""
    database(name)
    subprocess.run(["psql", "-XAtq", "-v", f"domains={domains}", "-f",
                    TOP / "tests/bench/history.sql"], check=True,
                   stdout=subprocess.DEVNULL)


def need_history():
    """A database of ten million records, and one of a tenth of it."""
    if not psql("SELECT 1 FROM pg_database WHERE datname = 'large'"):
        history("large", 200)
        history("tenth", 20)


def grow():
    """The small run on top of ten million records."""
    need_mails()
    need_history()
    empty, full = [], []
    for _ in range(RUNS):
        database("bench")
        empty.append(ingest(MAILS))
        database("bench", template="large")
        full.append(ingest(MAILS))
    database("bench")  # a large one is in nobody's way
    note(f"empty {of(empty, 'wall'):.2f} s, full {of(full, 'wall'):.2f} s;"
         f" medians of {RUNS}")
    goal("grow: wall / into an empty one", ratio("wall", full, empty), 1.2,
         "ratio")


def commands():
    """What the two programs can be asked, as dmarc-report's help says."""
    usage = subprocess.run([build / "dmarc-report", "--help"], check=True,
                           capture_output=True, text=True).stdout
    # Those that need a name are asked about one thing, not about a domain.
    return [c for c in re.findall(r"^  ([a-z][a-z-]*) ", usage, re.MULTILINE)
            if c not in ("find", "discard")] + ["addresses"]


def program(command):
    return build / ("dmarc-check" if command == "addresses"
                    else "dmarc-report")


def window(command):
    """One domain, 90 days; not every command takes them."""
    of_one = ["--domain", "d1.example"]
    since = (datetime.datetime.now(datetime.timezone.utc).date()
             - datetime.timedelta(89))
    for args in ([*of_one, "--days", "90"], [*of_one, "--since", str(since)],
                 of_one):
        usage = subprocess.run([program(command), command, *args],
                               check=False, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL).returncode
        if usage != 64:
            return args
    return []


def look_up_sources():
    """Every address as if it had been looked up today, so that addresses is
    what it is on any other day: a question to the database.  How fast a
    nameserver is says nothing of ours.  One in eight has a name, of one of
    ten networks; the trigger would ask the catalogue, which knows none of
    these.  And the operator has said something of two."""
    if psql("SELECT 1 FROM dmarc.source LIMIT 1"):
        return
    psql("""INSERT INTO dmarc.sender_inventory (sender, role) VALUES
            ('network1.example', 'vendor'), ('network2.example', 'forwarder')
         """)
    psql("SET session_replication_role = replica",
         """INSERT INTO dmarc.source (ip, ptr, ptr_org, ptr_status, ptr_at)
            SELECT ip, 'h' || n % 1000 || '.' || org, org,
                   CASE WHEN org IS NULL THEN 'none' ELSE 'confirmed' END,
                   now()
              FROM (SELECT ip, n, CASE WHEN n % 8 = 0 THEN
                             'network' || n / 8 % 10 || '.example' END AS org
                      FROM (SELECT DISTINCT source_ip AS ip,
                                   hashtext(host(source_ip)) & 16777215 AS n
                              FROM dmarc.record) x) y
             ORDER BY ip""",
         "VACUUM ANALYZE dmarc.source, dmarc.profile_feature")


def ask():
    """Every question on one domain of 200, 90 days of ten million records."""
    need_history()
    for name in ("large", "tenth"):
        os.environ["PGDATABASE"] = name
        look_up_sources()
    for command in commands():
        taken = {"large": [], "tenth": []}
        args = window(command)
        for _ in range(RUNS):
            for name, runs in taken.items():
                os.environ["PGDATABASE"] = name
                # The exit of readiness is its answer: 1, not ready; 2, too
                # little.
                runs.append(measure.run(program(command), command, *args,
                                        done=(0, 1, 2)))
        wall = of(taken["large"], "wall")
        note(f"{' '.join([command, *args])}: {wall:.3f} s; of a tenth of the"
             f" table {of(taken['tenth'], 'wall'):.3f} s; medians of {RUNS}")
        goal(f"ask {command}: wall", wall, 0.5, "seconds")
        if args:  # else it is a question on everything, which may grow
            goal(f"ask {command}: wall / of a tenth of the table",
                 ratio("wall", taken["large"], taken["tenth"]), 1.5, "ratio")


# Of each kind of attack, as tests/flood.py has them, how many things.
FLOODS = {"senders": 100000, "ips": 100000, "selectors": 100000,
          "domains": 100000, "bad": 20000}


def drown(kind, count):
    """A database with a good domain and one attack of count things."""
    folder = WORK / "flood"
    for what, number, domain in ((kind, count, "flood.example"),
                                 ("normal", 60, "own.example")):
        subprocess.run([TOP / "tests/flood.py", folder, what, str(number),
                        domain], check=True)
    database(f"flood_{kind}")
    ingest(folder)
    shutil.rmtree(folder)
    psql("VACUUM ANALYZE")


def hostile():
    """Every question, where one stranger has mailed 100,000 of something."""
    since = str(datetime.datetime.now(datetime.timezone.utc).date()
                - datetime.timedelta(20))
    for kind, count in FLOODS.items():
        drown(kind, count)
        if kind == "ips":  # else addresses would wait for nameservers
            look_up_sources()
        for command in commands():
            args = ["--since", since] if command == "changes" else []
            if command == "addresses" and kind != "ips":
                continue
            runs = [measure.run(program(command), command, *args,
                                done=(0, 1, 2)) for _ in range(3)]
            note(f"{kind}: {' '.join([command, *args])}:"
                 f" {of(runs, 'wall'):.3f} s, CPU of the server"
                 f" {of(runs, 'server'):.2f} s; medians of 3")
            goal(f"hostile {kind}: {command}: wall", of(runs, "wall"), 1,
                 "seconds")
            goal(f"hostile {kind}: {command}: memory", of(runs, "peak"), 64,
                 "MiB")
        drop(f"flood_{kind}")


def steady():
    """A million mails through one process tree."""
    need_mails()
    database("bench")
    samples = []  # mails so far, MiB

    def watch(pid):
        with subprocess.Popen(["psql", "-XAtq"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as counter:
            while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG
                            | os.WNOWAIT) is None:
                counter.stdin.write(
                    "SELECT coalesce(max(id), 0) FROM dmarc.ingest_log;\n")
                counter.stdin.flush()
                samples.append((int(counter.stdout.readline()),
                                measure.tree_mib(pid)))
                time.sleep(0.2)

    taken = ingest(*[MAILS] * STEADY_TIMES, watch=watch)
    mails = samples[-1][0]
    early = median(size for n, size in samples if 10000 <= n < 20000)
    late = median(size for n, size in samples if n > mails - 10000)
    note(f"{STEADY_TIMES * 20000} mails in {taken.wall:.0f} s; {early:.0f} MiB"
         f" after 10,000, {late:.0f} at the end; one run")
    goal("steady: memory at the end / after 10,000", late / early, 1.1,
         "ratio")


def imap():
    """The same mails by IMAP over TLS, from fetching to moving."""
    need_mails()
    config = WORK / "dmarc.conf"
    config.write_text(f"""[mailbox bench]
host = localhost
port = {os.environ['IMAPS_PORT']}
ca_file = {os.environ['IMAP_CA']}
user = u9
password = secret
""")
    config.chmod(0o600)
    box = TOP / "tests/integration/imapbox.py"
    maildir, mailbox = [], []
    for _ in range(RUNS):
        subprocess.run(["python3", box, "wipe", "u9"], check=True)
        subprocess.run(["python3", box, "fill", "u9", "INBOX", MAILS],
                       check=True)
        database("bench")
        maildir.append(ingest(MAILS))
        database("bench")
        mailbox.append(ingest("-c", config))
    note(f"Maildir {of(maildir, 'wall'):.2f} s, IMAP"
         f" {of(mailbox, 'wall'):.2f} s; medians of {RUNS}")
    goal("imap: wall / from a Maildir", ratio("wall", mailbox, maildir), 1.3,
         "ratio")


STAGES = {f.__name__: f for f in (small, giant, grow, ask, hostile, steady,
                                 imap)}


def table(out):
    print(f"\n{'':44} {'value':>8} {'goal':>8}  unit")
    for line in out.splitlines():
        name, value, at_most, unit = line.split("\t")
        met = "" if float(value) <= float(at_most) else "  NOT MET"
        print(f"{name:44} {value:>8} {at_most:>8}  {unit:6}{met}")


def main():
    wanted = sys.argv[2:] or list(STAGES)
    for name in wanted:
        if name not in STAGES:
            sys.exit(f"bench: no stage {name}; there are {' '.join(STAGES)}")
    WORK.mkdir()
    (OUT / "bench").mkdir(exist_ok=True)
    for name in wanted:
        print(f"{name}: {STAGES[name].__doc__}", flush=True)
        lines.clear()
        STAGES[name]()
        (OUT / f"bench/{name}.tsv").write_text("".join(lines))
    files = [OUT / f"bench/{name}.tsv" for name in STAGES]
    out = "".join(f.read_text() for f in files if f.exists())
    (OUT / "bench.tsv").write_text(out)
    table(out)


main()
