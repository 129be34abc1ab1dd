"""A database of its own for each question: made, filled by dmarc-ingest, asked
by way of dmarc-report --format csv, and dropped."""
import csv
import io
import os
import subprocess

TEMPLATE = 'verdicts_template'


class Db:
    """with Db(bin folder, name) as db: db.ingest(folder); db.ask('summary')"""

    def __init__(self, programs, name):
        self.programs, self.name = programs, name
        self.env = dict(os.environ, PGDATABASE=name)
        self.told = ''                 # what the last command said beside
        self.status = 0

    def __enter__(self):
        if psql(self.env, "SELECT 1 FROM pg_database WHERE datname = '%s'" % TEMPLATE) == '':
            run(self.env, 'createdb', TEMPLATE)
            run(dict(self.env, PGDATABASE=TEMPLATE), self.programs + '/dmarc-ingest', '-q', '--init')
        run(self.env, 'dropdb', '--if-exists', self.name)
        run(self.env, 'createdb', '-T', TEMPLATE, self.name)
        return self

    def __exit__(self, *_):
        run(self.env, 'dropdb', self.name)

    def ingest(self, *paths):
        run(self.env, self.programs + '/dmarc-ingest', '-q', *paths)

    def sql(self, text):
        return run(self.env, 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', text)

    def file(self, path):
        run(self.env, 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', path)

    def say(self, *words):
        """a command that answers nothing that we want"""
        run(self.env, self.programs + '/dmarc-report', *words)

    def text(self, *words):
        done = subprocess.run([self.programs + '/dmarc-report', *words], env=self.env,
                              capture_output=True, text=True, check=False)
        self.told, self.status = done.stderr, done.returncode
        if done.returncode > 2:
            raise RuntimeError('dmarc-report %s: %d: %s' % (
                ' '.join(words), done.returncode, done.stderr))
        return done.stdout

    def ask(self, *words):
        """the rows of a command, as dicts; a header of its own begins each list"""
        return list(csv.DictReader(io.StringIO(self.text(*words, '--format', 'csv'))))


def run(env, *words):
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError('%s: %d: %s%s' % (' '.join(words), done.returncode,
                                             done.stdout, done.stderr))
    return done.stdout.strip()


def psql(env, text):
    return run(dict(env, PGDATABASE='postgres'), 'psql', '-XAtqc', text)
